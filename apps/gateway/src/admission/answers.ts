import { transact, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import type { AnswerSeal, Claimed } from './answer-seal.js';

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const keepText = `
  update gateway.idempotency_keys k
  set status = $4, headers = $5, body = $6, busy_until = null
  where k.account_id = $1 and k.key = $2 and k.route = $3 and k.busy_until is not null`;

const holdText = `
  update gateway.idempotency_keys k
  set busy_until = greatest(k.busy_until, now() + $4 * interval '1 second')
  where k.account_id = $1 and k.key = $2 and k.route = $3 and k.busy_until is not null`;

// Not deleted: whoever asks again asks for the same job, which may have come to be.
const letGoText = `
  update gateway.idempotency_keys k set busy_until = now()
  where k.account_id = $1 and k.key = $2 and k.route = $3 and k.busy_until is not null`;

// The status stays: the key is used up, whatever became of its job.
const eraseText = `
  update gateway.idempotency_keys k set body = null
  where k.account_id = $1 and k.job_id = $2 and k.status is not null`;

const findText = `
  select k.route, k.job_id, k.status, k.body, k.created_at, k.created_at + interval '24 hours'
  from gateway.idempotency_keys k
  where k.account_id = $1 and k.key = $2 and k.created_at > now() - interval '24 hours'
  order by k.created_at desc`;
type KeptRow = [string, string | null, number | null, Buffer | null, Date, Date];

/** What became of a request with an idempotency key. */
export interface KeptAnswer {
  readonly route: string;
  /** The job that it made or makes, for requests that make one. */
  readonly jobId: string | null;
  /**
   * `null` while the request is under way, or after a fault of ours. The body is told only of
   * requests that make jobs: others answer with new keys and secrets, shown once to who may have them.
   */
  readonly answer: { readonly status: number; readonly body: string | null } | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const forgetText = 'select gateway.forget($1)';
const FORGET_AT_ONCE = 5_000;

const openText = 'select o.job_id from gateway.open_jobs o where o.account_id = $1';
const closeText = 'delete from gateway.open_jobs o where o.job_id = any ($1)';

/** Row-level security shows the rows of this account alone, until the end of the transaction. */
const actFor = (accountId: string): Statement => ({
  name: 'gateway_act_for',
  text: `select set_config('safelight.account', $1, true)`,
  values: [accountId],
});

/** What is kept of requests after they were admitted. */
export class Answers {
  constructor(
    private readonly pool: pg.Pool,
    private readonly seal: AnswerSeal,
  ) {}

  /** Keeps the answer for those who ask again; to be awaited before it is sent. */
  async keep(claimed: Claimed, { status, headers, body }: Answer): Promise<void> {
    const { accountId, key, route } = claimed;
    const sealed = this.seal.seal(claimed, body);
    const values = [accountId, key, route, status, JSON.stringify(headers), sealed];
    const kept = { name: 'gateway_keep_answer', text: keepText, values };
    await transact(this.pool, [actFor(accountId), kept]);
  }

  /** Somebody is at it for so long from now at most. */
  async hold({ accountId, key, route }: Claimed, seconds: number): Promise<void> {
    const values = [accountId, key, route, seconds];
    const held = { name: 'gateway_hold_claim', text: holdText, values };
    await transact(this.pool, [actFor(accountId), held]);
  }

  /** Lets the next request with this key try again: this one failed for no fault of its sender. */
  async letGo({ accountId, key, route }: Claimed): Promise<void> {
    const values = [accountId, key, route];
    const free = { name: 'gateway_let_go', text: letGoText, values };
    await transact(this.pool, [actFor(accountId), free]);
  }

  /** Forgets what was answered about a job that is deleted: answers may hold its pictures. */
  async erase(accountId: string, jobId: string): Promise<void> {
    const erased = { name: 'gateway_erase_answers', text: eraseText, values: [accountId, jobId] };
    await transact(this.pool, [actFor(accountId), erased]);
  }

  /** What became of a key, on each route that it was used on; the newest first. */
  async find(accountId: string, key: string): Promise<KeptAnswer[]> {
    const look = { name: 'gateway_find_answers', text: findText, values: [accountId, key] };
    const [, rows = []] = await transact(this.pool, [actFor(accountId), look]);
    return (rows as unknown as KeptRow[]).map(
      ([route, jobId, status, sealed, createdAt, expiresAt]) => {
        const open = () => (sealed && this.seal.open({ accountId, key, route }, sealed)) ?? '';
        const body = jobId === null ? null : open().toString();
        const answer = status === null ? null : { status, body };
        return { route, jobId, createdAt, expiresAt, answer };
      },
    );
  }

  /** Deletes what is too old to be asked for; resolves when there is no more of it. */
  async forget(): Promise<void> {
    const sweep = { name: 'gateway_forget', text: forgetText, values: [FORGET_AT_ONCE] };
    for (let gone = FORGET_AT_ONCE; gone >= FORGET_AT_ONCE;) {
      const [rows = []] = await transact(this.pool, [sweep]);
      gone = Number(rows[0]?.[0] ?? 0);
    }
  }

  /** The jobs that count as open against the account's plan. */
  async open(accountId: string): Promise<string[]> {
    const look = { name: 'gateway_open_jobs', text: openText, values: [accountId] };
    const [rows = []] = await transact(this.pool, [look]);
    return rows.map(([jobId]) => String(jobId));
  }

  /** These jobs are over, or never came to be. */
  async close(jobIds: readonly string[]): Promise<void> {
    await transact(this.pool, [{ name: 'gateway_close_jobs', text: closeText, values: [jobIds] }]);
  }
}
