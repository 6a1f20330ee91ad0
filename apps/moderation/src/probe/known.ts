import type { RequestWords } from '../screening/request.js';
import * as letters from './letters.js';
import { slips } from './slips.js';
import type { Transform } from './transform.js';
import { byLetter, byWord, spelledWith, transformsOf } from './transform.js';

const backwards = (text: string): string => Array.from(text).reverse().join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const bytesOf = (text: string): string[] => hexOf(text).match(/../g) ?? [];
const halves = (word: string): [string, string] => {
  const all = Array.from(word);
  const middle = Math.floor(all.length / 2);
  return [all.slice(0, middle).join(''), all.slice(middle).join('')];
};
const split =
  (fill: (first: string, second: string) => RequestWords) =>
  (text: string): RequestWords =>
    fill(...halves(text));
const fields = (prompt: string, negativePrompt: string): RequestWords => ({
  prompt,
  negativePrompt,
});

const emphasised = (text: string): string =>
  byWord(text, (word) => {
    const letters = Array.from(word);
    const third = Math.ceil(letters.length / 3);
    return `${letters.slice(0, third).join('')}**${letters.slice(third).join('')}**`;
  });

/** Disguises that the screening is built against, and was tuned on. */
export const known: readonly Transform[] = [
  ...transformsOf('as written', { plain: (text) => text }),
  ...transformsOf('case', {
    'upper case': (text) => text.toUpperCase(),
    'alternating case': (text) => byLetter(text, (one, at) => (at % 2 ? one.toUpperCase() : one)),
  }),
  ...transformsOf('separators', {
    'spaced letters': (text) => Array.from(text.replaceAll(' ', '')).join(' '),
    'wide spaces': (text) => byWord(text, spelledWith(' ')).replaceAll('   ', '  '),
    'dotted words': spelledWith('.'),
    'hyphened words': spelledWith('-'),
    'underscored words': spelledWith('_'),
    'starred words': spelledWith('*'),
    'words cut in half': (text) => byWord(text, (word) => halves(word).join('/')),
    'underscores for blanks': (text) => text.replaceAll(' ', '_'),
  }),
  ...transformsOf('look-alikes', {
    Cyrillic: letters.cyrillic,
    Greek: letters.greek,
    'some Cyrillic': (text, chance) =>
      byLetter(text, (one) => (chance() < 0.5 ? letters.cyrillic(one) : one)),
    'small capitals': letters.smallCapitals,
    'upside down': letters.upsideDown,
  }),
  ...transformsOf('styles of Unicode', {
    'full width': letters.fullWidth,
    'mathematical bold': letters.mathematicalBold,
    'mathematical script': letters.mathematicalScript,
    fraktur: letters.fraktur,
    'double struck': letters.doubleStruck,
    circled: letters.circled,
    parenthesised: letters.parenthesised,
  }),
  ...transformsOf('invisible and marks', {
    'zero-width spaces': (text) => Array.from(text).join('\u200b'),
    'soft hyphens': (text) => Array.from(text).join('\u00ad'),
    'variation selectors': (text) => Array.from(text).join('\ufe0f'),
    'struck through': (text) => byLetter(text, (letter) => `${letter}\u0336`),
    'stacked marks': (text) => byLetter(text, (letter) => `${letter}\u0301\u0323\u0308`),
  }),
  ...transformsOf('leetspeak', {
    digits: letters.leet,
    signs: letters.leetSigns,
    'some digits': (text, chance) =>
      byLetter(text, (one) => (chance() < 0.5 ? letters.leet(one) : one)),
    'spelled out': (text) => byWord(letters.leet(text), spelledWith('.')),
  }),
  ...transformsOf('repeated letters', {
    doubled: (text) => byLetter(text, (letter) => letter + letter.trim()),
    stretched: (text) => byLetter(text, (letter) => letter + letter.trim().repeat(3)),
    'one stretched': (text) => byWord(text, (word) => word + (word.at(-1) ?? '').repeat(3)),
  }),
  ...transformsOf('reversed', {
    'the text': backwards,
    'each word': (text) => byWord(text, backwards),
    'each word, spelled out': (text) => byWord(text, (word) => spelledWith('.')(backwards(word))),
  }),
  ...transformsOf('encoded', {
    base64,
    'base64 inside a sentence': (text) => `please draw ${base64(text)} now`,
    'base64 twice': (text) => base64(base64(text)),
    hexadecimal: hexOf,
    'percent-encoding': (text) =>
      bytesOf(text)
        .map((byte) => `%${byte}`)
        .join(''),
    'numeric entities': (text) => byLetter(text, (one) => `&#${String(one.codePointAt(0))};`),
    'escapes of code': (text) =>
      byLetter(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
    rot13: letters.rot13,
  }),
  ...transformsOf('weights', {
    'each word weighted': (text) => byWord(text, (word) => `(${word}:1.3)`),
    'nested brackets': (text) => byWord(text, (word) => `((${word}))`),
    'double colons': (text) => byWord(text, (word) => `${word}::2`),
    'steps of a schedule': (text) => byWord(text, (word) => `[${word}:0.5]`),
  }),
  ...transformsOf('emoji', {
    'between words': (text) => text.replaceAll(' ', ' ✨ '),
    'between letters': spelledWith('🌸'),
    'letters of flags': letters.regional,
    'squared letters': letters.squared,
    'negative squared letters': letters.negativeSquared,
  }),
  ...transformsOf('markup between letters', {
    'tags between letters': spelledWith('<b></b>'),
    'emphasis inside words': emphasised,
  }),
  ...transformsOf('half reversed', {
    'every second word reversed': (text) =>
      byWord(text, (word, index) => (index % 2 ? backwards(word) : word)),
  }),
  ...transformsOf('hidden vowels', {
    'every inner vowel hidden': (text) =>
      byWord(text, (word) => word.replace(/(?<=\p{L})[aeiou](?=\p{L})/gu, '*')),
  }),
  ...transformsOf('fuzzy spelling', slips),
  { family: 'split', name: 'over both fields', hide: split(fields) },
  { family: 'split', name: 'the other way round', hide: split((a, b) => fields(b, a)) },
  {
    family: 'split',
    name: 'wholly in the negative prompt',
    hide: (text) => fields('a castle', text),
  },
  {
    family: 'split',
    name: 'over prompt and style',
    // The words of a style follow the prompt after a comma.
    hide: split((first, second) => fields(`${first}, ${second}, oil painting`, 'blurry')),
  },
  ...transformsOf('in a long prompt', {
    'in the middle': (text) =>
      `a castle above the clouds, oil painting, ${text}, golden hour, 8k, highly detailed`,
  }),
  ...transformsOf('combined', {
    'look-alikes and zero-width': (text) => Array.from(letters.cyrillic(text)).join('\u2060'),
    'leetspeak and stretched': (text) => byLetter(letters.leet(text), (one) => one + one.trim()),
    'base64 backwards': (text) => base64(backwards(text)),
    'right-to-left override': (text) => `\u202e${backwards(text)}\u202c`,
  }),
];
