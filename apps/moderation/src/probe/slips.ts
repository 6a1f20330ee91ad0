import { beside } from './letters.js';
import type { Change } from './transform.js';
import { byWord } from './transform.js';

/** Shorter words are other words with one letter changed. */
const shortest = 6;

const inLongWords =
  (slip: (letters: string[], at: number) => string[]): Change =>
  (text, chance) =>
    byWord(text, (word) => {
      const letters = Array.from(word);
      if (letters.length < shortest || !/^\p{L}+$/u.test(word)) return word;
      // Never the first letter or the last: who reads it would not know the word.
      const at = 1 + Math.floor(chance() * (letters.length - 3));
      return slip(letters, at).join('');
    });

/** One slip in each longer word, as of a hurried hand or of one that hopes to be misread. */
export const slips: Readonly<Record<string, Change>> = {
  'letters exchanged': inLongWords((all, at) => [
    ...all.slice(0, at),
    ...[all[at + 1] ?? '', all[at] ?? ''],
    ...all.slice(at + 2),
  ]),
  'a letter left out': inLongWords((all, at) => [...all.slice(0, at), ...all.slice(at + 1)]),
  'a letter too many': inLongWords((all, at) => [...all.slice(0, at), 'x', ...all.slice(at)]),
  'a wrong letter': inLongWords((all, at) => [
    ...all.slice(0, at),
    beside(all[at] ?? ''),
    ...all.slice(at + 1),
  ]),
};
