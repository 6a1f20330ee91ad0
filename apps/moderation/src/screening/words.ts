import { isWordCharacter, unitsAt } from './characters.js';
import type { Token, Tokens } from './tokens.js';

/** One word of a reading, and where it stands. */
export interface Word {
  readonly token: Token;
  /** Only a blank, hyphen or apostrophe stands between it and the word before it. */
  readonly follows: boolean;
  /** Which item of the negative prompt's list it belongs to; 0 for the prompt itself. */
  readonly item: number;
}

/** What may stand inside an ordinary phrase: `same-sex`, `off the shoulder`. */
const bindingSigns = " -'’";
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Scripts without spaces, which a word of another one may follow without any. */
const isUnspaced = (code: number): boolean =>
  (code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff);

/** What never shares a word: digits, letters of scripts without spaces, and all other letters. */
const kindOf = (code: number): number => (isDigit(code) ? 1 : isUnspaced(code) ? 2 : 0);

/** The words of a text, in order; those of different kinds are never one (`12yo` is two words). */
export function wordsOf(text: string, item: number, tokens: Tokens): Word[] {
  const words: Word[] = [];
  let start = -1;
  // The first word of the negative prompt follows nothing.
  let follows = item === 0;
  let kind = 0;
  const end = (at: number) => {
    if (start < 0) return;
    words.push({ token: tokens.of(text.slice(start, at)), follows, item });
    follows = true;
    start = -1;
  };
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isWordCharacter(text, at, code)) {
      const next = kindOf(code);
      if (start >= 0 && kind !== next) end(at);
      if (start < 0) [start, kind] = [at, next];
    } else {
      end(at);
      if (!bindingSigns.includes(text.charAt(at))) follows = false;
    }
    at += unitsAt(text, at, code);
  }
  end(text.length);
  return words;
}

/** The same words, each with its letters from the end to the beginning. */
export const lettersReversed = (words: readonly Word[]): Word[] =>
  words.map(({ token, follows, item }) => ({ token: token.reversed, follows, item }));

/** The last word first. */
export const backToFront = (words: readonly Word[]): Word[] => [...words].reverse();
