import type { PolicyDocument } from '../policy.js';
import { merged } from '../policy.js';
import { cyrillicAndGreek, cyrillicAndGreekHarmless } from './cyrillic-greek.js';
import { eastAsianHarmless, koreanWords } from './east-asian.js';
import { germanicAndRomance, germanicAndRomanceHarmless } from './germanic-romance.js';
import { indic, indicHarmless } from './indic.js';
import { middleEastern, middleEasternHarmless } from './middle-east.js';
import { otherLatin, otherLatinHarmless } from './other-latin.js';

export { unspacedWords } from './east-asian.js';

/** The floor's words in all languages but those that floor.vocabulary.ts began with. */
export const languageWords: PolicyDocument['vocabulary'] = [
  germanicAndRomance,
  otherLatin,
  cyrillicAndGreek,
  middleEastern,
  indic,
  koreanWords,
].reduce(merged);

export const languageHarmless: readonly string[] = [
  ...germanicAndRomanceHarmless,
  ...otherLatinHarmless,
  ...cyrillicAndGreekHarmless,
  ...middleEasternHarmless,
  ...indicHarmless,
  ...eastAsianHarmless,
];
