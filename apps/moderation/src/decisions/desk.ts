import type { Receipt } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { Telemetry } from '@safelight/telemetry';
import type { ActivePolicy } from '../policy/active-policy.js';
import type { DecisionLog } from './decision-log.js';
import { verdictOf } from './judgement.js';
import type { Decision, ReceiptSigner } from './receipt-signer.js';
import type { Signals } from './signals.js';

/** What a check saw, about which subject, for whom. */
export type Case = Pick<
  Decision,
  'stage' | 'jobId' | 'accountId' | 'subjectDigest' | 'classifiers'
> & { readonly hashBanks: string[]; readonly signals: Signals };

/** Judges, and turns judgements into receipts that are signed and kept. Without one they count for nothing. */
export class DecisionDesk {
  private readonly decided;

  constructor(
    private readonly policy: ActivePolicy,
    private readonly signer: ReceiptSigner,
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
  async decide({ signals, ...about }: Case): Promise<Receipt> {
    const { version, digest } = this.policy;
    const judged = this.policy.judge(signals);
    const { ruleId, category, confidence } = judged;
    const verdict = { verdict: verdictOf(judged), ruleId, category, confidence };
    const fresh = this.signer.receiptOf(
      { ...about, ...verdict, policyVersion: version, policyDigest: digest },
      new Date(),
    );
    const standing = await this.log.record(fresh);
    if (standing.accountId !== about.accountId) throw new DomainError('decision.foreign_job');
    // The digest of an output is a claim about a file; a file that broke its claim must not live
    // on the receipt of another file that kept it.
    const contradicted = fresh.verdict === 'block' && standing.verdict === 'pass';
    if (contradicted && about.stage === 'output') {
      throw new DomainError('decision.contradicted', { decisionId: standing.decisionId });
    }
    if (standing === fresh) this.count(fresh);
    return standing;
  }

  private count({ stage, verdict, ruleId }: Receipt): void {
    this.decided.add(1, { stage, verdict, rule: ruleId ?? 'none' });
  }
}
