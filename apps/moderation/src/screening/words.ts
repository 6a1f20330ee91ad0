import { squeezed } from './normalise.js';

/** One word of a reading, and where it stands. */
export interface Word {
  readonly text: string;
  /** The text without repeated letters; often the same. */
  readonly short: string;
  /** Only a blank, hyphen or apostrophe stands between it and the word before it. */
  readonly follows: boolean;
  /** Which item of the negative prompt's list it belongs to; 0 for the prompt itself. */
  readonly item: number;
}

/** What may stand inside an ordinary phrase: `same-sex`, `off the shoulder`. */
const bindingSigns = " -'’";
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Folding keeps marks only where they are vowels. */
const wordCharacter = /[\p{L}\p{N}\p{M}]/u;
const isWordCharacter = (character: string, code: number): boolean =>
  code < 128
    ? isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
    : wordCharacter.test(character);

export const wordOf = (text: string, place: Pick<Word, 'follows' | 'item'>): Word => ({
  text,
  short: squeezed(text),
  follows: place.follows,
  item: place.item,
});

/** The words of a text, in order; letters and digits never share one (`12yo` is two words). */
export function wordsOf(text: string, item: number): Word[] {
  const words: Word[] = [];
  let start = -1;
  // The first word of the negative prompt follows nothing.
  let follows = item === 0;
  let digits = false;
  const end = (at: number) => {
    if (start >= 0) words.push(wordOf(text.slice(start, at), { follows, item }));
    if (start >= 0) follows = true;
    start = -1;
  };
  let at = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (isWordCharacter(character, code)) {
      if (start >= 0 && digits !== isDigit(code)) end(at);
      if (start < 0) [start, digits] = [at, isDigit(code)];
    } else {
      end(at);
      if (!bindingSigns.includes(character)) follows = false;
    }
    at += character.length;
  }
  end(at);
  return words;
}

/** The same words read from the end to the beginning, letters too. */
export function reversedWords(words: readonly Word[]): Word[] {
  return words.map((word) => wordOf(Array.from(word.text).reverse().join(''), word)).reverse();
}
