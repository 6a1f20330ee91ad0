import type { Receipt } from './moderation.js';

/** What a rule of the floor is about, in as many words as do not teach how to get around it. */
const reasons: Readonly<Record<string, string>> = {
  F1: 'content that sexualises minors is never made here',
  F2: 'nude, sexual or undressing changes to pictures of people are never made here',
  F3: 'faces are used with a live consent alone',
  F4: 'living people are never named in a sexual context here',
  F5: 'it matches a picture on a list of known pictures',
  F6: 'it could not be checked, and what is not checked does not pass',
  F7: 'it did not carry the mark that says that a machine made it',
  D1: 'sexually explicit content is not made here',
  D2: 'symbols of hate are not made here',
  T1: 'a test key asked for a refusal',
};

const subjects = {
  prompt: 'The words of your request, and where it brought pictures these',
  output: 'A file that was made for your request',
} as const;

/**
 * Why something was refused or held, for whoever asked for it: decision, facts, automation, ground and
 * redress, as Article 17(3) of Regulation (EU) 2022/2065 lists them. Made from the receipt alone, so it
 * can be made again by anybody who has that. `null` for what passed.
 */
export function statementOfReasons(receipt: Receipt): string | null {
  const { decisionId, verdict, stage, jobId, policyVersion, policyDigest, decidedAt } = receipt;
  if (verdict === 'pass') return null;
  return [
    `Statement of reasons for decision ${decisionId} of ${decidedAt}.`,
    receipt.action === 'hold'
      ? `Decision: what was asked for in job ${jobId} is held back, everywhere, until a person decides otherwise.`
      : `Decision: what was asked for in job ${jobId} is refused, everywhere and for good${receipt.appealUntil ? ', unless an appeal changes it' : ''}.`,
    `Facts: ${subjects[stage]} ${stage === 'prompt' ? 'were' : 'was'} looked at of our own accord, without a notice from anybody, by its SHA-256 ${receipt.subjectDigest}.`,
    `Automation: the decision was made by automated means: ${receipt.classifiers.join(', ')}.`,
    `Ground: rule ${receipt.ruleId ?? 'none'} of our content policy, version ${policyVersion} (${policyDigest.slice(0, 12)}), category ${receipt.category ?? 'none'}: ${reasonOf(receipt)}. You agreed to the policy with our terms.`,
    redressOf(receipt),
  ].join('\n');
}

const reasonOf = ({ ruleId }: Receipt): string =>
  reasons[ruleId ?? ''] ?? 'the operator of this service does not allow it';

function redressOf({ decisionId, appealUntil, ruleId }: Receipt): string {
  const courts =
    'You may also turn to a certified out-of-court dispute settlement body or to a court.';
  if (ruleId === 'T1') return 'Redress: none is needed; nothing was found.';
  if (appealUntil === null) return `Redress: this rule has no appeal with us. ${courts}`;
  const until = appealUntil === undefined ? '' : ` until ${appealUntil}`;
  return `Redress: a person looks again, free of charge, when you send POST /api/v1/decisions/${decisionId}/appeal${until}; what was charged for a wrong refusal is refunded. ${courts}`;
}
