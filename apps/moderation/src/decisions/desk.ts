import type { Receipt } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { Telemetry } from '@safelight/telemetry';
import type { DecisionLog } from './decision-log.js';
import type { PolicySource } from '../policy/published/published-policies.js';
import { type Case, draftOf } from './grounds.js';
import { type Judgement, verdictOf } from './judgement.js';
import type { Signals } from './signals.js';

export type { Case };

/** Judges, and turns judgements into receipts that are signed and kept. Without one they count for nothing. */
export class DecisionDesk {
  private readonly decided;

  constructor(
    private readonly policies: PolicySource,
    private readonly log: DecisionLog,
    meter: Telemetry['meter'],
  ) {
    this.decided = meter.createCounter('moderation_decisions', {
      description: 'Decisions recorded, by stage, verdict and rule.',
    });
  }

  /**
   * The receipt that stands for this subject: a repeated question gets the first answer.
   * @throws DomainError `decision.foreign_job` when the first answer belongs to another account,
   * `decision.contradicted` when it passed something that is refused now (policy F6: no release).
   */
  async decide(about: Case): Promise<Receipt> {
    const { policy, shadow } = this.policies.for(about.accountId);
    const decided = { decisionId: newId('dec'), decidedAt: new Date().toISOString() };
    const grounds = { ...about, ...decided, base: policy.base, document: policy.document };
    const draft = draftOf(grounds, policy);
    const standing = await this.log.record({
      ...{ draft, grounds },
      shadow: shadow?.document ? besides(shadow.document, shadow.judge(about.signals)) : null,
    });
    if (standing.accountId !== about.accountId) throw new DomainError('decision.foreign_job');
    // The digest of an output is a claim about a file; a file that broke its claim must not live
    // on the receipt of another file that kept it.
    const contradicted = draft.verdict === 'block' && standing.verdict === 'pass';
    if (contradicted && draft.stage === 'output') {
      throw new DomainError('decision.contradicted', { decisionId: standing.decisionId });
    }
    if (standing.decisionId === draft.decisionId) this.count(standing);
    return standing;
  }

  /** What would be decided about anybody's; not recorded. */
  preview(signals: Signals): 'pass' | 'block' {
    return verdictOf(this.policies.for(null).policy.judge(signals));
  }

  private count({ stage, verdict, ruleId }: Receipt): void {
    this.decided.add(1, { stage, verdict, rule: ruleId ?? 'none' });
  }
}

/** What a policy in shadow would have said. */
const besides = (policy: string, { action, ruleId, category }: Judgement) => ({
  ...{ policy, action, ruleId, category },
});
