import { Problem } from './problem.js';

const REFUSED =
  'The content policy refuses this prompt. Change it, or ask for a person to look again if you think that this is wrong.';
/** What a client can do about a refusal that no finding stands behind. */
const REMEDIES: Readonly<Record<string, string>> = {
  unreadable:
    'The prompt or negative prompt has letters of a script that cannot be checked here, so it cannot pass. Write it in English or another language with a checked script: Latin or Cyrillic letters, Chinese or Japanese; without a picture also Greek, Arabic, Hebrew, Devanagari, Bengali, Thai or Korean.',
  'unclear-picture':
    'The picture, or a part of it, is blocks of one colour, so nobody can tell who is in it and it cannot pass. Send it without a mosaic.',
  'unclear-edit':
    'The mask covers somebody’s body. There only plain English words about garments pass, like “a warm red coat”. Keep the mask off the person, or use such words alone.',
  consent:
    'The mask covers a face, which needs a recorded consent that is live. Keep it off faces.',
};
const FINAL = 'The content policy refuses this request. This cannot be appealed.';
/** Rules of the floor without appeal: minors, and known images. */
const WITHOUT_APPEAL: ReadonlySet<unknown> = new Set(['F1', 'F5']);

/** A refusal by the content policy, with the decision and whether it can be appealed. */
export function promptBlocked(details: Readonly<Record<string, unknown>>): Problem {
  const { decisionId, ruleId } = details;
  const appealable = !WITHOUT_APPEAL.has(ruleId);
  const remedy = Object.entries(REMEDIES).find(([category]) => category === details['category']);
  return new Problem('PROMPT_BLOCKED', remedy?.[1] ?? (appealable ? REFUSED : FINAL), {
    members: {
      decision_id: decisionId,
      policy_version: details['policyVersion'],
      rule_id: ruleId,
      category: details['category'],
      ...(appealable ? { appeal: `POST /api/v1/decisions/${String(decisionId)}/appeal` } : {}),
    },
  });
}
