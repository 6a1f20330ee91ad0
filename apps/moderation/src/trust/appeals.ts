import type { Appeal, Receipt } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { CustomerReads, Statement } from '@safelight/postgres';
import type pg from 'pg';
import { withWords, type CaseWords } from './case-words.js';

/** Floor rules without appeal (policy), and refusals that a test key forced. */
const WITHOUT_APPEAL: ReadonlySet<string> = new Set(['F1', 'F5', 'T1']);

/** Whether a person may be asked to look again. */
export const isAppealable = ({ verdict, ruleId }: Pick<Receipt, 'verdict' | 'ruleId'>): boolean =>
  verdict === 'block' && ruleId !== null && !WITHOUT_APPEAL.has(ruleId);

const columns = 'appeal_id, decision_id, state, created_at';
const readText = `
  select d.receipt, a.appeal_id, a.decision_id, a.state, a.created_at
  from moderation.decisions d left join moderation.appeals a on a.decision_id = d.decision_id
  where d.decision_id = $1 and d.account_id = $2`;
const insertText = withWords(
  `insert into moderation.appeals (appeal_id, decision_id, account_id, key_id)
   values ($1, $2, $3, $4) on conflict (decision_id) do nothing returning ${columns}`,
  4,
);

export const decisionStatement = (decisionId: string, accountId: string): Statement => ({
  name: 'read-decision',
  text: readText,
  values: [decisionId, accountId],
});

interface AppealRow {
  readonly appeal_id: string;
  readonly decision_id: string;
  readonly state: Appeal['state'];
  readonly created_at: Date;
}
type DecisionRow = { readonly receipt: string } & {
  [Key in keyof AppealRow]: AppealRow[Key] | null;
};

export interface ReadDecision {
  readonly receipt: Receipt;
  readonly appealable: boolean;
  readonly appeal: Appeal | null;
}

/** Decisions as their customers read them, and what they have to say about them. */
export class Appeals {
  constructor(
    private readonly pool: pg.Pool,
    private readonly reads: CustomerReads,
    private readonly sealing: CaseWords,
  ) {}

  /** @throws DomainError `decision.not_found`, also for another account's */
  async read(decisionId: string, accountId: string): Promise<ReadDecision> {
    const asked = decisionStatement(decisionId, accountId);
    const [row] = await this.reads.records<DecisionRow>(accountId, asked);
    if (row === undefined) throw new DomainError('decision.not_found');
    const receipt = JSON.parse(row.receipt) as Receipt;
    const appeal = row.appeal_id === null ? null : appealOf(row as AppealRow);
    return { receipt, appealable: isAppealable(receipt) && appeal === null, appeal };
  }

  /** @throws DomainError as `moderation.appeal-decision` says */
  async open(request: {
    readonly decisionId: string;
    readonly accountId: string;
    readonly keyId: string;
    readonly statement: string;
  }): Promise<Appeal> {
    const { decisionId, accountId, keyId, statement } = request;
    const { receipt } = await this.read(decisionId, accountId);
    if (receipt.verdict === 'pass') throw new DomainError('decision.passed');
    if (!isAppealable(receipt)) {
      throw new DomainError('decision.not_appealable', { ruleId: receipt.ruleId });
    }
    const caseId = newId('apl');
    const words = this.sealing.seal({ caseId, accountId }, { statement }, null);
    const values = [caseId, decisionId, accountId, keyId, ...words];
    const query = { name: 'open-appeal', text: insertText, values };
    const [row] = (await this.pool.query<AppealRow>(query)).rows;
    // Of several at once, one is the first.
    if (row === undefined) throw new DomainError('appeal.exists');
    return appealOf(row);
  }
}

const appealOf = ({ appeal_id, decision_id, state, created_at }: AppealRow): Appeal => ({
  appealId: appeal_id,
  decisionId: decision_id,
  state,
  createdAt: created_at.toISOString(),
});
