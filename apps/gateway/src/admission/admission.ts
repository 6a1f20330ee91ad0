import type { ProblemCode } from '@safelight/contracts';
import { GroupCommit, transact } from '@safelight/postgres';
import type pg from 'pg';
import { Problem } from '../http/problem.js';
import { digestOf, isWellFormed } from '../keys/api-key.js';
import type { AnswerSeal } from './answer-seal.js';
import { Replay } from './replay.js';
import type { Caller, Scope } from './scope.js';

/** Which budget a request is taken from: that of watching jobs is ten times as large. */
export type Budget = 'call' | 'watch';

/** What a request says of itself before anybody knows who sent it. */
export interface Knock {
  /** As sent; `undefined` when there was none. */
  readonly apiKey: string | undefined;
  readonly scope: Scope;
  readonly budget: Budget;
  /** The job that this request makes if it is the first to ask. */
  readonly jobId: string | null;
  readonly idempotency: IdempotencyClaim | null;
}

/** What makes two requests the same. */
export interface IdempotencyClaim {
  readonly key: string;
  /** Method and path. */
  readonly route: string;
  /** SHA-256 of the body. */
  readonly fingerprint: Buffer;
}

/** The tighter of the two limits of a request. */
export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the budget is whole again. */
  readonly resetSeconds: number;
}

/** How a knock was answered; problems are thrown, with the state of the limits where it is known. */
export interface Admitted {
  readonly caller: Caller;
  /** The knock's own job id, or that of an earlier, unfinished request with the same key. */
  readonly jobId: string | null;
}

type Row = [
  request: number,
  outcome: Outcome,
  accountId: string,
  keyId: string,
  scopes: string[],
  kind: Caller['kind'],
  limit: number | null,
  remaining: number | null,
  resetSeconds: number | null,
  retrySeconds: number | null,
  jobId: string | null,
  status: number | null,
  headers: Record<string, string> | null,
  body: Buffer | null,
  plan: string,
  spendsAs: string,
  openJobsMax: number | null,
  runningMax: number | null,
  weight: number,
];
type PlanPart = [
  plan: string,
  spendsAs: string,
  openJobsMax: number | null,
  runningMax: number | null,
  weight: number,
];
type Outcome =
  | 'unauthorized'
  | 'suspended'
  | 'scope'
  | 'limited'
  | 'crowded'
  | 'mismatch'
  | 'in_progress'
  | 'answered'
  | 'admitted';

const text = 'select * from gateway.admit($1, $2, $3, $4, $5, $6, $7)';
const BUSY_RETRY_SECONDS = '2';

/**
 * Decides who may come in: key, scope, both rate limits, idempotency and the cap on open jobs, for
 * all requests that wait at the same moment in one round trip. Nothing is remembered here: a
 * revocation takes effect at once, and limits are exact over any number of gateways.
 */
export class Admission {
  private readonly knocks: GroupCommit<Knock, Row>;

  /**
   * @param seal opens the answers that were kept
   * @param makeRoom closes jobs of an account that have ended; says whether there were any
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly seal: AnswerSeal,
    private readonly makeRoom: (accountId: string) => Promise<boolean>,
  ) {
    this.knocks = new GroupCommit({ run: (knocks) => this.ask(knocks) });
  }

  /**
   * @param limited hears of the limits as soon as they are known, also before a refusal
   * @throws Problem UNAUTHORIZED, FORBIDDEN (naming the scope that is missing), RATE_LIMITED,
   *   IDEMPOTENCY_MISMATCH or IDEMPOTENCY_IN_PROGRESS
   * @throws Replay with the answer that the same request was given before
   */
  async admit(knock: Knock, limited: (limits: LimitState) => void): Promise<Admitted> {
    if (knock.apiKey === undefined || !isWellFormed(knock.apiKey)) throw unauthorized();
    let row = await this.knocks.submit(knock);
    if (row[1] === 'crowded' && (await this.makeRoom(row[2])))
      row = await this.knocks.submit(knock);
    const [, outcome, accountId, keyId, scopes, kind, limit, remaining, resetSeconds] = row;
    if (limit !== null && remaining !== null && resetSeconds !== null) {
      limited({ limit, remaining, resetSeconds });
    }
    if (outcome === 'answered') throw this.replayOf(row, knock);
    if (outcome !== 'admitted') throw refusals[outcome](row, knock);
    const [plan, spendsAs, , runningMax, weight] = row.slice(14) as PlanPart;
    const share = { weight, runningMax };
    const caller = { accountId, keyId, spendsAs, scopes, kind, plan, share };
    return { caller, jobId: row[10] };
  }

  private replayOf(row: Row, { idempotency }: Knock): Replay | Problem {
    const [status, headers, sealed] = row.slice(11, 14) as [
      number,
      Record<string, string>,
      Buffer | null,
    ];
    if (sealed === null) return erased();
    const { key = '', route = '' } = idempotency ?? {};
    const body = this.seal.open({ accountId: row[2], key, route }, sealed);
    return body === undefined ? unreadable() : new Replay(status, headers, body);
  }

  private async ask(knocks: readonly Knock[]): Promise<Row[]> {
    const of = (part: (knock: Knock) => unknown) => knocks.map(part);
    const values = [
      of(({ apiKey }) => digestOf(apiKey ?? '')),
      of(({ scope }) => scope),
      of(({ budget }) => budget),
      of(({ idempotency }) => idempotency?.key ?? null),
      of(({ idempotency }) => idempotency?.route ?? null),
      of(({ idempotency }) => idempotency?.fingerprint ?? null),
      of(({ jobId }) => jobId),
    ];
    const [rows = []] = await transact(this.pool, [{ name: 'gateway_admit', text, values }]);
    const sorted = (rows as unknown as Row[]).toSorted(([a], [b]) => a - b);
    return sorted;
  }
}

const problem = (code: ProblemCode, detail: string, headers: Record<string, string> = {}) =>
  new Problem(code, detail, { headers });

const erased = () =>
  problem(
    'CONFLICT',
    'This request was answered before, and the job that it made has been deleted since; take a new Idempotency-Key for a new job.',
  );

const unreadable = () =>
  problem(
    'CONFLICT',
    'This request was answered before, and secrets of this deployment have changed since, so that the answer cannot be read any more; look at GET /api/v1/jobs for what it made.',
  );

/** No key, or none that is accepted. */
export const unauthorized = () =>
  problem(
    'UNAUTHORIZED',
    'The API key is missing, malformed, unknown, expired or revoked. Send it as: authorization: Bearer sl_live_…',
    { 'www-authenticate': 'Bearer realm="safelight"' },
  );

export const lacksScope = (scope: Scope): Problem =>
  new Problem('FORBIDDEN', `This key lacks the scope ${scope}; make a key that has it.`, {
    members: { scope },
  });

const refusals: Readonly<
  Record<Exclude<Outcome, 'admitted' | 'answered'>, (row: Row, knock: Knock) => Problem>
> = {
  unauthorized,
  suspended: () =>
    problem('FORBIDDEN', 'This account is suspended; write to the operator of this service.'),
  scope: (_, { scope }) => lacksScope(scope),
  limited: ([, , , , , , limit, , , retrySeconds]) =>
    problem(
      'RATE_LIMITED',
      `This is more than ${limit} requests a minute; go on in ${retrySeconds} s.`,
      { 'retry-after': String(retrySeconds) },
    ),
  crowded: (row) =>
    problem(
      'RATE_LIMITED',
      `As many of your jobs are open as your plan allows, waiting or running: open_jobs is ${row[16]}, as GET /api/v1/account shows; go on once one of them has ended.`,
      { 'retry-after': String(row[9]) },
    ),
  mismatch: () =>
    problem(
      'IDEMPOTENCY_MISMATCH',
      'This Idempotency-Key was used with another body within 24 hours; take a new key for a new request.',
    ),
  in_progress: () =>
    problem(
      'IDEMPOTENCY_IN_PROGRESS',
      'The first request with this Idempotency-Key is still running; ask again shortly.',
      { 'retry-after': BUSY_RETRY_SECONDS },
    ),
};
