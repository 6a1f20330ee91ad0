import type { PictureSignals } from '../images/signals.js';
import { PLAINLY_EXPLICIT, scoreOf, SUGGESTIVE_SCORE } from './combine.js';
import type { Outcome, PicturesSeen } from './facts.js';

/** How much more explicit or suggestive than what went in: from here on it is refused. */
export const RISE = 0.2;
export interface OutputFacts {
  /** Of the pictures that the job began with; `null` where there were none. */
  readonly before: PicturesSeen | null;
  readonly after: Pick<PictureSignals, 'lowAge' | 'nudity'>;
}

const allowed: Outcome = { verdict: 'allow', ruleId: null, category: null };

/**
 * What the scores of an output say, beside those of what it was made from. Pure and total, and like the
 * combination of inputs it can only refuse. A person who was not there before is no ground by itself:
 * most who begin with a picture ask for that.
 */
export function judgeOutput({ before, after }: OutputFacts): Outcome {
  const score = scoreOf(after.nudity);
  const rise = score - (before === null ? score : scoreOf(before.mostNude));
  if (after.lowAge && after.nudity.explicit >= PLAINLY_EXPLICIT) {
    return { verdict: 'block', ruleId: 'F1', category: 'minors' };
  }
  if (rise > RISE) return { verdict: 'block', ruleId: 'F2', category: 'real-people' };
  // Less is no finding, and no ground to pass either: see the combination of inputs.
  if (after.lowAge && score >= SUGGESTIVE_SCORE) {
    return { verdict: 'hold', ruleId: 'F6', category: 'no-verdict' };
  }
  if (before !== null && after.lowAge && !before.lowAge && before.person !== 'none') {
    return { verdict: 'hold', ruleId: 'F6', category: 'younger-face' };
  }
  if (before === null && after.nudity.explicit >= PLAINLY_EXPLICIT) {
    return { verdict: 'block', ruleId: 'D1', category: 'explicit' };
  }
  return allowed;
}
