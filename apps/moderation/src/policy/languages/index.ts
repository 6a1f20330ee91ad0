import type { PolicyDocument } from '../policy.js';
import { merged } from '../policy.js';
import { cyrillicAndGreek, cyrillicAndGreekHarmless } from './cyrillic-greek.js';
import { eastAsianHarmless, koreanWords, unspacedWords as eastAsian } from './east-asian.js';
import { germanicAndRomance, germanicAndRomanceHarmless } from './germanic-romance.js';
import { indic, indicHarmless } from './indic.js';
import { intentUnspaced, intentWords } from './intents.js';
import { middleEastern, middleEasternHarmless } from './middle-east.js';
import { otherLatin, otherLatinHarmless } from './other-latin.js';

export { intentUnspacedBesidePicture, intentWordsBesidePicture } from './intents.js';

/** The floor's words in all languages but those that floor.vocabulary.ts began with. */
export const languageWords: PolicyDocument['vocabulary'] = [
  germanicAndRomance,
  otherLatin,
  cyrillicAndGreek,
  middleEastern,
  indic,
  koreanWords,
  intentWords,
].reduce(merged);

/** Words of scripts without spaces. */
export const unspacedWords: PolicyDocument['unspaced'] = merged(eastAsian, intentUnspaced);

export const languageHarmless: readonly string[] = [
  ...germanicAndRomanceHarmless,
  ...otherLatinHarmless,
  ...cyrillicAndGreekHarmless,
  ...middleEasternHarmless,
  ...indicHarmless,
  ...eastAsianHarmless,
];
