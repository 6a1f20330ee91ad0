import type { Facts, Outcome } from './facts.js';

/** Of somebody's body below the face: from here on what a mask covers is said by the grammar alone. */
export const BODY_SHARE = 0.05;
/** Of a face: less is a blemish. */
export const FACE_SHARE = 0.3;
/** Of the nudity classifier, explicit and suggestive together: from here on nothing passes of the young. */
export const SUGGESTIVE_SCORE = 0.5;
/** Of the same, explicit alone. What is below it is too often somebody clothed to be called a finding. */
export const PLAINLY_EXPLICIT = 0.95;

const allowed: Outcome = { verdict: 'allow', ruleId: null, category: null };
const minors: Outcome = { verdict: 'block', ruleId: 'F1', category: 'minors' };
const realPeople: Outcome = { verdict: 'block', ruleId: 'F2', category: 'real-people' };
const noConsent: Outcome = { verdict: 'block', ruleId: 'F3', category: 'consent' };
const unresolved: Outcome = { verdict: 'hold', ruleId: 'F6', category: 'unreadable' };
const unseen: Outcome = { verdict: 'hold', ruleId: 'F6', category: 'no-verdict' };
const hidden: Outcome = { verdict: 'hold', ruleId: 'F6', category: 'unclear-picture' };
const bodyMask: Outcome = { verdict: 'hold', ruleId: 'F6', category: 'unclear-edit' };

interface Rule {
  readonly outcome: Outcome;
  readonly holds: (facts: Facts) => boolean;
}

/**
 * In the order of their gravity: the first that holds decides. Each can only add a refusal, and none
 * asks whether a picture shows nobody: words that undress are refused beside any picture (decision 34).
 */
const rules: readonly Rule[] = [
  { outcome: minors, holds: ({ intent }) => intent === 'minor' },
  { outcome: minors, holds: ({ intent, seen }) => seen.lowAge && isPlain(intent, seen) },
  { outcome: realPeople, holds: ({ intent }) => intent === 'sexual' },
  { outcome: noConsent, holds: ({ mask, consent }) => mask.face >= FACE_SHARE && !consent },
  { outcome: unresolved, holds: ({ intent }) => intent === 'unresolved' },
  // A film is not looked into before it is worked on: its stills are, when it comes out.
  { outcome: unseen, holds: ({ state }) => state !== 'answered' && state !== 'blind' },
  { outcome: hidden, holds: ({ seen }) => seen.mosaic },
  // The classifier takes every eighth photo of clothed adults for this: no ground for F1, nor to pass.
  { outcome: unseen, holds: ({ seen }) => seen.lowAge && scoreOf(seen.nudity) >= SUGGESTIVE_SCORE },
  {
    outcome: bodyMask,
    holds: ({ mask, intent }) => mask.body >= BODY_SHARE && intent !== 'garment',
  },
];

const isPlain = (intent: Facts['intent'], { nudity }: Facts['seen']): boolean =>
  intent === 'sexual' || nudity.explicit >= PLAINLY_EXPLICIT;

/** Both classes together. */
export const scoreOf = ({ explicit, suggestive }: Facts['seen']['nudity']): number =>
  explicit + suggestive;

/** Pure and total: the same facts, the same outcome, for everybody. */
export function combine(facts: Facts): Outcome {
  return rules.find(({ holds }) => holds(facts))?.outcome ?? allowed;
}
