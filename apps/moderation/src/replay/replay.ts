import { createPool, transact } from '@safelight/postgres';
import type pg from 'pg';
import type { Action, Judgement } from '../decisions/judgement.js';
import type { StoredGrounds } from '../decisions/grounds.js';
import type { Signals } from '../decisions/signals.js';
import { compiledJudge } from '../policy/compiled.js';
import { policyV1 } from '../policy/policy.v1.js';
import { withDocument } from '../policy/published/document-judge.js';
import type { PolicyFile } from '../policy/published/policy-file.js';
import { FlipCount, type Redecided } from './flips.js';

/** Rows that are read at once, where nobody says otherwise: some 2 MB. */
const PAGE = 4_000;

const countText = `
  select count(*)::int, count(grounds)::int from moderation.decisions
  where recorded_at >= $1::timestamptz`;
/** By the key, so that a page costs the same wherever it begins. */
const pageText = `
  select decision_id, account_id, action, rule_id, category, grounds from moderation.decisions
  where decision_id > $1 and recorded_at >= $2::timestamptz and grounds is not null
  order by decision_id limit $3`;

export interface ReplayOptions {
  /** Of moderation's runtime role. */
  readonly url: string;
  /** What is to stand above what is compiled in; nothing replays what is compiled in alone. */
  readonly candidate: PolicyFile | undefined;
  /** Decisions from then on. */
  readonly since?: Date;
  /** Rows that are read at once. */
  readonly page?: number;
  readonly progress?: (done: number, total: number) => void;
  /** Told every decision that would be another; the next page waits for it. */
  readonly onFlips?: (flips: readonly Redecided[]) => void | Promise<void>;
}

export interface Replayed {
  readonly count: FlipCount;
  /** Decisions from before signals were kept: nobody can say. */
  readonly without: number;
}

/**
 * Decides stored decisions again under another policy, from what they were decided by: no text and no
 * picture is looked at, and nothing is written. Page by page, so its memory does not grow with them.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { url, candidate, since = new Date(0), page: size = PAGE, progress, onFlips } = options;
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    const { all, replayable } = await counted(pool, since);
    const judge = candidateJudge(candidate);
    const count = new FlipCount();
    progress?.(0, replayable);
    for await (const page of pages(pool, since, size)) {
      const redecided = page.map((row) => decideAgain(row, judge));
      const flips = redecided.filter((one) => count.add(one));
      if (flips.length > 0) await onFlips?.(flips);
      progress?.(Math.min(count.decisions, replayable), replayable);
    }
    return { count, without: all - replayable };
  } finally {
    await pool.end();
  }
}

function candidateJudge(candidate: PolicyFile | undefined): (signals: Signals) => Judgement {
  const base = compiledJudge(policyV1);
  return candidate === undefined ? base : withDocument(base, candidate);
}

async function counted(pool: pg.Pool, since: Date) {
  const query = { name: 'count-decisions', text: countText, values: [since] };
  const [rows = []] = await transact(pool, [query]);
  const [all = 0, replayable = 0] = (rows[0] ?? []) as number[];
  return { all, replayable };
}

type Row = readonly [string, string, Action, string | null, string | null, string];

/** The next page is on its way while one is decided. */
async function* pages(pool: pg.Pool, since: Date, size: number): AsyncGenerator<readonly Row[]> {
  const read = async (after: string): Promise<readonly Row[]> => {
    const query = { name: 'page-of-decisions', text: pageText, values: [after, since, size] };
    const [rows = []] = await transact(pool, [query]);
    return rows as unknown as readonly Row[];
  };
  for (let page = await read(''); page.length > 0;) {
    const next = page.length < size ? Promise.resolve([]) : read(page.at(-1)?.[0] ?? '');
    // Whoever awaits it hears of it; until then it is nobody's.
    next.catch(() => undefined);
    yield page;
    page = await next;
  }
}

function decideAgain(row: Row, judge: (signals: Signals) => Judgement): Redecided {
  const [decisionId, accountId, action, ruleId, category, grounds] = row;
  const { signals } = JSON.parse(grounds) as StoredGrounds;
  const { action: now, ruleId: rule, category: its } = judge(signals);
  return {
    ...{ decisionId, accountId, before: { action, ruleId, category } },
    after: { action: now, ruleId: rule, category: its },
  };
}
