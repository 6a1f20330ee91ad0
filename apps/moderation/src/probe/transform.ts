import type { RequestWords } from '../screening/request.js';

/** One way of hiding a request. */
export interface Transform {
  readonly family: string;
  readonly name: string;
  /** @param chance numbers from 0 to 1, the same ones each time for one text. */
  readonly hide: (text: string, chance: () => number) => RequestWords;
}

export type Change = (text: string, chance: () => number) => string;

/** Transforms of the prompt alone. */
export const transformsOf = (
  family: string,
  changes: Readonly<Record<string, Change>>,
): Transform[] =>
  Object.entries(changes).map(([name, change]) => ({
    family,
    name,
    hide: (text, chance) => ({ prompt: change(text, chance), negativePrompt: '' }),
  }));

export const byLetter = (text: string, change: (letter: string, index: number) => string): string =>
  Array.from(text, change).join('');

export const byWord = (text: string, change: (word: string, index: number) => string): string =>
  text.split(' ').map(change).join(' ');

/** Replaces each letter of `plain` by the one at the same place of `like`. */
export function letterTable(plain: string, like: string): (text: string) => string {
  const likes = Array.from(like);
  const table = new Map(Array.from(plain, (letter, at) => [letter, likes[at] ?? letter]));
  return (text) => byLetter(text, (letter) => table.get(letter) ?? letter);
}

/** Letters a to z from a block of letters in their order. */
export const shifted =
  (start: number) =>
  (text: string): string =>
    byLetter(text.toLowerCase(), (letter) =>
      /^[a-z]$/.test(letter) ? String.fromCodePoint(start + letter.charCodeAt(0) - 0x61) : letter,
    );

export const spelledWith =
  (sign: string) =>
  (text: string): string =>
    byWord(text, (word) => Array.from(word).join(sign));
