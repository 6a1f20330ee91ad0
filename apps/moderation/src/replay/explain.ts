import { createPool } from '@safelight/postgres';
import { groundsOf, type StoredDecision } from '../decisions/rebuild.js';
import type { Grounds } from '../decisions/grounds.js';

const readText = `
  select decision_id, job_id, stage, subject_digest, account_id, grounds, receipt, shadow
  from moderation.decisions where decision_id = $1`;

/** A decision as staff see it: scores and all. */
export interface ExplainedDecision {
  /** The receipt as it was given. */
  readonly receipt: Readonly<Record<string, unknown>>;
  /** What it was made from; `null` for one from before that was kept. */
  readonly grounds: Grounds | null;
  /** What a policy in shadow would have said. */
  readonly shadow: Readonly<Record<string, string | null>> | null;
}

/** @param url of moderation's runtime role. @returns `undefined` where there is no such decision */
export async function explainDecision(
  url: string,
  decisionId: string,
): Promise<ExplainedDecision | undefined> {
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    const { rows } = await pool.query<StoredDecision & Pick<ExplainedDecision, 'shadow'>>(
      readText,
      [decisionId],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      receipt: JSON.parse(row.receipt) as ExplainedDecision['receipt'],
      grounds: row.grounds === null ? null : groundsOf(row),
      shadow: row.shadow,
    };
  } finally {
    await pool.end();
  }
}
