import { hasSpelledPair, isWordCharacter, lettersBetween, unitsAt } from './characters.js';
import { withoutLookAlikes } from './confusables.js';
import { folded } from './fold.js';

const digitLetters: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g' },
};
const signLetters: Readonly<Record<string, string>> = {
  ...{ '@': 'a', $: 's', '!': 'i', '|': 'l', '+': 't', '€': 'e', '£': 'l', '¢': 'c' },
};
const leetCharacter = /[0-9@$!|+€£¢]/g;

/** What the digit 1 stands for, and whether a sign is a letter even at the end of a word. */
export interface LeetReading {
  readonly one: 'i' | 'l';
  readonly eager: boolean;
}

const leetReadings: readonly LeetReading[] = [
  { one: 'i', eager: false },
  { one: 'l', eager: false },
  { one: 'i', eager: true },
  { one: 'l', eager: true },
];

/**
 * Digits and signs read as letters. Unless `eager`, a sign counts only when a letter or digit follows,
 * so that an exclamation mark at the end stays one.
 */
export function unleeted(text: string, { one, eager }: LeetReading): string {
  return text.replace(leetCharacter, (character, at: number) => {
    if (character === '1') return one;
    const sign = signLetters[character];
    if (sign !== undefined) return eager || continues(text, at) ? sign : character;
    return digitLetters[character] ?? character;
  });
}

const wordCharacter = /[\p{L}\p{N}]/u;

/** Whether the sign at `at` stands in or before a word, or in a row of signs after one. */
function continues(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  const inRow =
    '$@'.includes(text.charAt(at)) && ('$@'.includes(before) || wordCharacter.test(before));
  return wordCharacter.test(text.charAt(at + 1)) || (before !== '' && inRow);
}

/** Every run of one letter as a single letter: `nnuude` becomes `nude`. */
export const squeezed = (word: string): string =>
  mayRepeat(word) ? word.replace(/(.)\1+/gu, '$1') : word;

/** Few words do, and this look is much cheaper than the replacement. */
function mayRepeat(word: string): boolean {
  for (let i = 1; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    if (isHalf || code === word.charCodeAt(i - 1)) return true;
  }
  return false;
}

const maskedLetter = /(?<=\p{L})[*#%](?=\p{L})/gu;

/** Readings of words in which a sign hides one vowel (`n*de`); none when no word does. */
export function unmasked(text: string): string[] {
  if (text.search(maskedLetter) < 0) return [];
  return Array.from('aeiou', (vowel) => text.replace(maskedLetter, vowel));
}

const turnedLetters = Array.from('ɐqɔpǝɟƃɥᴉɾʞɯuɹʇnʌʍʎdb');
const uprightLetters = 'abcdefghijkmnrtuvwypq';
const upright: ReadonlyMap<string, string> = new Map(
  turnedLetters.map((turned, at) => [turned, uprightLetters.charAt(at)]),
);
/** Nobody writes these but upside down. */
const onlyTurned = /[ɐɟƃɥᴉɾʞɯɹʇʌʍʎ]/u;

/** The text with its letters the right way up; none where no letter stands on its head. */
export function setUpright(text: string): string[] {
  if (text.search(onlyTurned) < 0) return [];
  return [Array.from(text, (letter) => upright.get(letter) ?? letter).join('')];
}

const camel = /\p{Ll}\p{Lu}/u;

/** Words written together in CamelCase, taken apart; none when there are none. */
export function uncamelled(text: string): string[] {
  if (!camel.test(text)) return [];
  return [text.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')];
}

/** Of a part of a prompt: `(word:1.3)`, `word::2`, `(word:1)`. */
const weight = /:{1,2}\s?\d{1,3}\.\d{1,4}|::-?\d{1,3}|(?<=\p{L}):\d{1,2}(?=[)\]])/gu;
const sign = /[^\p{L}\p{N}\p{M}]+/gu;

/** Words spelled out (`n.u.d.e`, or `n u d e` between wider gaps) put together again. */
export function unspelled(text: string): string[] {
  if (!hasSpelledPair(text)) return [];
  return [
    chunksTogether(text),
    text.includes('  ') ? text.split(/ {2,}/).map(together).join(' ') : together(text),
  ];
}

function together(chunk: string): string {
  const letters = lettersBetween(chunk, 0, chunk.length);
  return isSpelled(letters, chunk.length) ? chunk.replace(sign, '') : chunk;
}

/** Whether about every second character is a sign. */
const isSpelled = (letters: number, length: number): boolean =>
  length >= shortestSpelled && letters > 1 && letters * 2 - 1 <= length;

/** Two letters and a sign between them. */
const shortestSpelled = 3;

/** Each piece between blanks `together`: one look at each character, and copies of what changes alone. */
function chunksTogether(text: string): string {
  let result = '';
  let [kept, start, letters] = [0, 0, 0];
  for (let at = 0; at <= text.length;) {
    const code = text.charCodeAt(at);
    if (at === text.length || code === blank) {
      if (isSpelled(letters, at - start)) {
        result += text.slice(kept, start) + text.slice(start, at).replace(sign, '');
        kept = at;
      }
      start = at + 1;
      letters = 0;
      at += 1;
      continue;
    }
    const units = unitsAt(text, at, code);
    if (isWordCharacter(text, at, code)) letters += units;
    at += units;
  }
  return kept === 0 ? text : result + text.slice(kept);
}

const blank = 0x20;

const markup = /<[^<>]{1,40}>|\*\*|__|~~/g;

/** Words without the tags and emphasis strewn into them; none when there is none. */
export function unmarked(text: string): string[] {
  const bare = text.replace(markup, '');
  return bare === text ? [] : [bare];
}

/** The readings of one text in which words are looked for; the first is the plain one. */
export function readings(text: string): string[] {
  const plain = folded(text).replace(weight, ' ');
  const latin = withoutLookAlikes(plain);
  const all = [
    plain,
    latin,
    ...leetReadings.map((reading) => unleeted(latin, reading)),
    ...unmasked(latin),
    ...setUpright(plain),
    ...unmarked(latin),
    ...uncamelled(text).map((apart) => withoutLookAlikes(folded(apart))),
  ];
  return [...new Set(all.flatMap((reading) => [reading, ...unspelled(reading)]))];
}
