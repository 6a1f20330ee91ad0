import { Problem } from './problem.js';

const REFUSED =
  'The content policy refuses this prompt. Change it, or ask for a person to look again if you think that this is wrong.';
const UNREADABLE =
  'The prompt or negative prompt has letters of a script that cannot be checked here, so it cannot pass. Write it in English or another language with a checked script: Latin or Cyrillic letters, Chinese or Japanese; without a picture also Greek, Arabic, Hebrew, Devanagari, Bengali, Thai or Korean.';

const FINAL = 'The content policy refuses this request. This cannot be appealed.';
/** Rules of the floor without appeal: minors, and known images. */
const WITHOUT_APPEAL: ReadonlySet<unknown> = new Set(['F1', 'F5']);

/** A refusal by the content policy, with the decision and whether it can be appealed. */
export function promptBlocked(details: Readonly<Record<string, unknown>>): Problem {
  const { decisionId, ruleId } = details;
  const appealable = !WITHOUT_APPEAL.has(ruleId);
  return new Problem(
    'PROMPT_BLOCKED',
    details['category'] === 'unreadable' ? UNREADABLE : appealable ? REFUSED : FINAL,
    {
      members: {
        decision_id: decisionId,
        policy_version: details['policyVersion'],
        rule_id: ruleId,
        category: details['category'],
        ...(appealable ? { appeal: `POST /api/v1/decisions/${String(decisionId)}/appeal` } : {}),
      },
    },
  );
}
