import type { Action } from '../../decisions/judgement.js';
import { compiledScores } from '../compiled-scores.js';
import type { Thresholds } from './policy-file.js';

/** What is done at the least, whatever is published. */
export interface Demands {
  readonly categories: Readonly<Record<string, Action>>;
  /** For scores that what is compiled in acts on. */
  readonly scores: Readonly<Record<string, Thresholds>>;
}

/**
 * What is compiled in does by itself, in the words of policies: the floor, and the default policy (D1,
 * D2). No document is held against the code but against this; a test holds this against the code.
 */
export const floorDemands: Demands = {
  categories: {
    minors: 'refuse',
    'real-people': 'refuse',
    'named-people': 'refuse',
    'known-images': 'refuse',
    consent: 'refuse',
    unreadable: 'refuse',
    'no-verdict': 'refuse',
    marking: 'refuse',
    'unclear-picture': 'hold',
    'unclear-edit': 'hold',
    'younger-face': 'hold',
    explicit: 'refuse',
    'hate-symbols': 'refuse',
  },
  scores: compiledScores,
};
