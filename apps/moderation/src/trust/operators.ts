import { withDesk } from '../operators-pool.js';
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

/** What is disabled stays so. @throws DomainError `case.not_found`, `case.decided` */
export const upholdReport = (
  databaseUrl: string,
  reportId: string,
  grounds: Grounds,
): Promise<Takedown> =>
  withFiles(databaseUrl, async (files) => {
    const command = { type: 'Uphold', at: new Date().toISOString(), grounds } as const;
    return (await files.handle(reportId, command, 'uphold')).state;
  });

/**
 * Where something was disabled the first call proposes, and another person's confirms.
 * @throws DomainError `case.not_found`, `case.decided`, `case.same_person`
 */
export const dismissReport = (
  databaseUrl: string,
  reportId: string,
  grounds: Grounds,
): Promise<Takedown> =>
  withFiles(databaseUrl, async (files) => {
    const command = { type: 'Dismiss', at: new Date().toISOString(), grounds } as const;
    return (await files.handle(reportId, command, `dismiss:${grounds.by}`)).state;
  });

const withFiles = <Result>(
  url: string,
  run: (files: CaseFiles) => Promise<Result>,
): Promise<Result> => withDesk(url, ({ pool, store }) => run(new CaseFiles(pool, store)));
