import type { Receipt, ScoreBand } from '@safelight/contracts';
import { canonicalJson, RECEIPT_FORMAT } from '@safelight/contracts';
import { isAppealable } from '../trust/appeals.js';
import { verdictOf, type Judgement } from './judgement.js';
import type { Signals } from './signals.js';

/** What a check saw, about which subject, for whom. */
export type Case = Pick<
  Receipt,
  'stage' | 'jobId' | 'accountId' | 'subjectDigest' | 'classifiers'
> & { readonly hashBanks: string[]; readonly signals: Signals };

/**
 * All that a receipt is made from, but the earlier receipt that it names and the key. Kept beside it, so
 * that it can be made again, to the byte.
 */
export interface Grounds extends Case {
  readonly decisionId: string;
  readonly decidedAt: string;
  /** Digest of what is compiled in, with the deployment's lists. */
  readonly base: string;
  /** Digest of the published document above it. */
  readonly document: string | null;
}

/** A policy as decisions need it. */
export interface JudgingPolicy {
  readonly version: string;
  readonly digest: string;
  readonly base: string;
  readonly document: string | null;
  readonly judge: (signals: Signals) => Judgement;
}

/** A receipt without what the chain and the key add. */
export type Draft = Omit<Receipt, 'previous' | 'keyId' | 'signature'>;

/** Which columns and texts of a row the grounds lie in. */
export const storedGrounds = ({
  signals,
  classifiers,
  hashBanks,
  decidedAt,
  base,
  document,
}: Grounds): string =>
  canonicalJson({ signals, classifiers, hashBanks, decidedAt, base, document });

export type StoredGrounds = Pick<
  Grounds,
  'signals' | 'classifiers' | 'hashBanks' | 'decidedAt' | 'base' | 'document'
>;

/** What a policy makes of the grounds. Pure: the same grounds and policy, the same draft. */
export function draftOf(grounds: Grounds, policy: JudgingPolicy): Draft {
  const { decisionId, stage, jobId, accountId, subjectDigest, decidedAt } = grounds;
  const judged = policy.judge(grounds.signals);
  const { action, ruleId, category } = judged;
  const verdict = verdictOf(judged);
  const ofFloor = isOfFloor(judged);
  return {
    ...{ format: RECEIPT_FORMAT, decisionId, stage, jobId, accountId, subjectDigest },
    ...{ verdict, action, ruleId, category, decidedAt },
    ...{ policyVersion: policy.version, policyDigest: policy.digest },
    confidence: numbers[ofFloor ? 'high' : bandOf(judged.confidence / 100)],
    scores: ofFloor ? {} : bandsOf(grounds.signals),
    ...{ classifiers: grounds.classifiers, hashBanks: grounds.hashBanks },
    appealUntil: isAppealable({ verdict, ruleId }) ? monthsAfter(decidedAt, APPEAL_MONTHS) : null,
  };
}

/** As long as Article 20(1) of Regulation (EU) 2022/2065 wants. */
const APPEAL_MONTHS = 6;
const numbers: Readonly<Record<ScoreBand, number>> = { low: 1, medium: 50, high: 99 };

/** @param score 0 to 1 */
export const bandOf = (score: number): ScoreBand =>
  score < 0.3 ? 'low' : score < 0.7 ? 'medium' : 'high';

/** Rules F1 to F7: what is told of them stays coarse. */
export const isOfFloor = ({ ruleId }: Pick<Judgement, 'ruleId'>): boolean =>
  ruleId !== null && /^F\d+$/.test(ruleId);

const bandsOf = ({ scores }: Signals): Record<string, ScoreBand> =>
  Object.fromEntries(Object.entries(scores).map(([code, { score }]) => [code, bandOf(score)]));

/** At least as many months as `months`: where the day does not exist, some days more. */
function monthsAfter(instant: string, months: number): string {
  const time = new Date(instant);
  time.setUTCMonth(time.getUTCMonth() + months);
  return time.toISOString();
}
