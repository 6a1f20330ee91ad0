import { DomainError } from '@safelight/event-sourcing';
import { withDesk } from '../operators-pool.js';
import { ReviewFiles } from './review/overturns.js';
import { requireFree, type Review, type ReviewCommand } from './review/review.js';
import { CaseFiles } from './takedown/case-files.js';
import type { Grounds, Takedown } from './takedown/takedown.js';

const queueText = `
  select report_id as case_id, 'report' as kind, reason as about, state, created_at,
    created_at + interval '48 hours' as due_at
  from moderation.reports where state in ('open', 'disabled')
  union all
  select a.appeal_id, 'appeal', 'decision ' || a.decision_id, a.state, a.created_at,
    a.created_at + interval '7 days'
  from moderation.appeals a where a.state = 'open'
  order by due_at limit $1`;

/** What waits for a person. */
export interface WaitingCase {
  readonly caseId: string;
  readonly kind: 'report' | 'appeal';
  readonly about: string;
  readonly state: string;
  readonly createdAt: Date;
  readonly dueAt: Date;
}

interface WaitingRow {
  readonly case_id: string;
  readonly kind: WaitingCase['kind'];
  readonly about: string;
  readonly state: string;
  readonly created_at: Date;
  readonly due_at: Date;
}

/** Reports and appeals that nobody has decided, the most urgent first. */
export const waitingCases = (databaseUrl: string, limit: number): Promise<WaitingCase[]> =>
  withDesk(databaseUrl, async ({ pool }) => {
    const { rows } = await pool.query<WaitingRow>(queueText, [limit]);
    return rows.map(({ case_id: caseId, kind, about, state, created_at, due_at }) => ({
      ...{ caseId, kind, about, state, createdAt: created_at, dueAt: due_at },
    }));
  });

/** What is disabled stays so. @throws DomainError `case.not_found`, `case.decided`, `case.claimed` */
export const upholdReport = (
  databaseUrl: string,
  reportId: string,
  grounds: Grounds,
): Promise<Takedown> =>
  withFiles(databaseUrl, { reportId, by: grounds.by }, async (files) => {
    const command = { type: 'Uphold', at: new Date().toISOString(), grounds } as const;
    return (await files.handle(reportId, command, 'uphold')).state;
  });

/**
 * Where something was disabled the first call proposes, and another person's confirms.
 * @throws DomainError `case.not_found`, `case.decided`, `case.same_person`, `case.claimed`
 */
export const dismissReport = (
  databaseUrl: string,
  reportId: string,
  grounds: Grounds,
): Promise<Takedown> =>
  withFiles(databaseUrl, { reportId, by: grounds.by }, async (files) => {
    const command = { type: 'Dismiss', at: new Date().toISOString(), grounds } as const;
    return (await files.handle(reportId, command, `dismiss:${grounds.by}`)).state;
  });

/**
 * Nobody else may decide it for half an hour.
 * @throws DomainError `case.not_found`, `case.claimed`, `case.decided`
 */
export const claimCase = (databaseUrl: string, caseId: string, by: string): Promise<Review> => {
  const at = new Date().toISOString();
  return withReview(databaseUrl, caseId, { type: 'Claim', at, by }, `claim:${by}:${at}`);
};

/** The refusal was right. @throws DomainError `case.not_found`, `case.claimed`, `case.decided` */
export const upholdRefusal = (
  databaseUrl: string,
  appealId: string,
  grounds: Grounds,
): Promise<Review> => {
  const command = { type: 'UpholdRefusal', at: new Date().toISOString(), grounds } as const;
  return withReview(databaseUrl, appealId, command, `uphold:${grounds.by}`);
};

/**
 * The refusal was wrong; the first call proposes, and another person's confirms.
 * @throws DomainError `case.not_found`, `case.claimed`, `case.decided`, `case.same_person`
 */
export const overturnRefusal = (
  databaseUrl: string,
  appealId: string,
  grounds: Grounds,
): Promise<Review> => {
  const command = { type: 'OverturnRefusal', at: new Date().toISOString(), grounds } as const;
  return withReview(databaseUrl, appealId, command, `overturn:${grounds.by}`);
};

const existsText = `
  select 1 from moderation.reports where report_id = $1
  union all select 1 from moderation.appeals where appeal_id = $1`;

const withReview = (
  url: string,
  caseId: string,
  command: ReviewCommand,
  commandId: string,
): Promise<Review> =>
  withDesk(url, async ({ pool, store }) => {
    const { rows } = await pool.query(existsText, [caseId]);
    if (rows.length === 0) throw new DomainError('case.not_found');
    const context = { correlationId: caseId, causationId: commandId };
    const reviews = new ReviewFiles(store);
    return (await reviews.handle(caseId, command, { commandId, context })).state;
  });

/** Of a report that nobody else works on. */
const withFiles = <Result>(
  url: string,
  { reportId, by }: { readonly reportId: string; readonly by: string },
  run: (files: CaseFiles) => Promise<Result>,
): Promise<Result> =>
  withDesk(url, async ({ pool, store }) => {
    const { state } = await new ReviewFiles(store).load(reportId);
    requireFree(state, by, new Date().toISOString());
    return run(new CaseFiles(pool, store));
  });
