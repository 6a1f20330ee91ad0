import type { Facts, Outcome } from './facts.js';

/**
 * What has to hold of every outcome, written from the policy's text and not from the combination: each
 * line says when an answer is the right one. Exactly one line holds of any facts.
 */
interface Line {
  readonly says: string;
  readonly verdict: Outcome['verdict'];
  readonly ruleId: string | null;
  readonly when: (facts: Facts) => boolean;
}

const nude = ({ seen }: Facts) => seen.nudity.explicit + seen.nudity.suggestive > 0.4999;
const plainlyNude = ({ seen }: Facts) => seen.nudity.explicit > 0.9499;
const isF1 = (facts: Facts) =>
  facts.intent === 'minor' ||
  (facts.seen.lowAge && (facts.intent === 'sexual' || plainlyNude(facts)));
const isF2 = (facts: Facts) => facts.intent === 'sexual' && !facts.seen.lowAge;
const facePainted = ({ mask, consent }: Facts) => mask.face > 0.2999 && !consent;
const bodyPainted = ({ mask, intent }: Facts) => mask.body > 0.0499 && intent !== 'garment';
const understood = ({ intent }: Facts) =>
  intent === 'none' || intent === 'garment' || intent === 'other';
const answered = ({ state }: Facts) => state === 'answered' || state === 'blind';

const lines: readonly Line[] = [
  { says: 'a child, or plainly one who may be', verdict: 'block', ruleId: 'F1', when: isF1 },
  { says: 'a person, or maybe one, undressed', verdict: 'block', ruleId: 'F2', when: isF2 },
  {
    says: 'a face without consent',
    ...{ verdict: 'block', ruleId: 'F3' },
    when: (facts) => !isF1(facts) && !isF2(facts) && facePainted(facts),
  },
  {
    says: 'nobody knows what is asked, what is there, or what would become of a body',
    ...{ verdict: 'hold', ruleId: 'F6' },
    when: (facts) =>
      !isF1(facts) &&
      !isF2(facts) &&
      !facePainted(facts) &&
      (!understood(facts) ||
        !answered(facts) ||
        facts.seen.mosaic ||
        (facts.seen.lowAge && nude(facts)) ||
        bodyPainted(facts)),
  },
  {
    says: 'understood, seen, and nobody is harmed',
    ...{ verdict: 'allow', ruleId: null },
    when: (facts) =>
      understood(facts) &&
      answered(facts) &&
      !facts.seen.mosaic &&
      !(facts.seen.lowAge && nude(facts)) &&
      !facePainted(facts) &&
      !bodyPainted(facts),
  },
];

/** What is wrong with an outcome; nothing where it is right. */
export function faultOf(facts: Facts, { verdict, ruleId }: Outcome): string | undefined {
  const right = lines.filter(({ when }) => when(facts));
  const [line] = right;
  if (right.length !== 1 || !line) return `${right.length} lines of the oracle hold`;
  if (verdict === line.verdict && ruleId === line.ruleId) return undefined;
  return `${line.says}: ${line.verdict} ${line.ruleId ?? ''}, not ${verdict} ${ruleId ?? ''}`;
}

const gravity = ['allow', 'hold', 'block'] as const;

/** Whether what is graver in one thing came off more lightly. */
export const isMilder = (graver: Outcome, than: Outcome): boolean =>
  gravity.indexOf(graver.verdict) < gravity.indexOf(than.verdict);
