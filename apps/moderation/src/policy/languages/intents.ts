import type { PolicyDocument } from '../policy.js';
import { merged } from '../policy.js';
import { eastIntents } from './intents-east.js';
import { middleIntents } from './intents-middle.js';
import { westIntents } from './intents-west.js';
import type { LanguageIntents } from './language-intents.js';

export const languageIntents: readonly LanguageIntents[] = [
  ...westIntents,
  ...middleIntents,
  ...eastIntents,
];

const all = (
  pick: (one: LanguageIntents) => PolicyDocument['vocabulary'] | undefined,
): PolicyDocument['vocabulary'] => languageIntents.map((one) => pick(one) ?? {}).reduce(merged, {});

export const intentWords = all(({ words }) => words);
export const intentUnspaced = all(({ unspaced }) => unspaced);
export const intentWordsBesidePicture = all(({ besidePicture }) => besidePicture);
export const intentUnspacedBesidePicture = all((one) => one.unspacedBesidePicture);
