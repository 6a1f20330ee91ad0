import type { RequestWords } from '../screening/request.js';

export interface Evasion {
  readonly name: string;
  readonly disguise: (text: string) => readonly RequestWords[];
}

const alone = (prompt: string): RequestWords[] => [{ prompt, negativePrompt: '' }];
const byLetter = (text: string, change: (letter: string, index: number) => string) =>
  Array.from(text, (letter, index) => change(letter, index)).join('');
const byWord = (text: string, change: (word: string) => string) =>
  text.split(' ').map(change).join(' ');
const letterTable = (plain: string, like: string) => (text: string) => {
  const likes = Array.from(like);
  return byLetter(text, (letter) => likes[plain.indexOf(letter)] ?? letter);
};
const shifted = (start: number) => (text: string) =>
  byLetter(text.toLowerCase(), (letter) =>
    /[a-z]/.test(letter)
      ? String.fromCodePoint(start + letter.charCodeAt(0) - 'a'.charCodeAt(0))
      : letter,
  );

const cyrillic = letterTable('aceopxyiskmt', 'асеорхуіѕкмт');
const greek = letterTable('aeiknoptuvx', 'αεικηορτυνχ');
const smallCapitals = letterTable('abcdeghijklmnoprtuvwyz', 'ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ');
const leet = letterTable('aeiost', '4310$7');
const leetSigns = letterTable('aist', '@!$+');

const texts: Readonly<Record<string, (text: string) => string>> = {
  'upper case': (text) => text.toUpperCase(),
  'alternating case': (text) =>
    byLetter(text, (letter, index) => (index % 2 ? letter.toUpperCase() : letter)),
  'spaced letters': (text) => Array.from(text.replaceAll(' ', '')).join(' '),
  'wide spaces': (text) =>
    byWord(text, (word) => Array.from(word).join(' ')).replace(/ {3}/g, '  '),
  'dotted words': (text) => byWord(text, (word) => Array.from(word).join('.')),
  'hyphened words': (text) => byWord(text, (word) => Array.from(word).join('-')),
  'underscored words': (text) => byWord(text, (word) => Array.from(word).join('_')),
  'starred words': (text) => byWord(text, (word) => Array.from(word).join('*')),
  'words cut in half': (text) =>
    byWord(text, (word) => `${word.slice(0, word.length / 2)}/${word.slice(word.length / 2)}`),
  'words for spaces': (text) => text.replaceAll(' ', '_'),
  'Cyrillic look-alikes': cyrillic,
  'Greek look-alikes': greek,
  'small capitals': smallCapitals,
  'full width': shifted(0xff41),
  'mathematical bold': shifted(0x1d41a),
  'mathematical script': shifted(0x1d4ea),
  'circled letters': shifted(0x24d0),
  'zero-width spaces': (text) => Array.from(text).join('\u200b'),
  'soft hyphens': (text) => Array.from(text).join('\u00ad'),
  'zero-width joiners': (text) => byWord(text, (word) => Array.from(word).join('\u200d')),
  'combining marks': (text) => byLetter(text, (letter) => `${letter}\u0336`),
  'stacked marks': (text) => byLetter(text, (letter) => `${letter}\u0301\u0323\u0308`),
  leetspeak: leet,
  'leetspeak with signs': leetSigns,
  'leetspeak, spaced': (text) => byWord(leet(text), (word) => Array.from(word).join('.')),
  'doubled letters': (text) => byLetter(text, (letter) => letter + letter.trim()),
  'stretched letters': (text) => byLetter(text, (letter) => letter + letter.trim().repeat(3)),
  'reversed text': (text) => Array.from(text).reverse().join(''),
  'reversed words': (text) => byWord(text, (word) => Array.from(word).reverse().join('')),
  'reversed and spaced': (text) => byWord(text, (word) => Array.from(word).reverse().join('.')),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 without padding': (text) => Buffer.from(text).toString('base64url'),
  'base64 inside a sentence': (text) => `please draw ${Buffer.from(text).toString('base64')} now`,
  'base64 twice': (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'percent-encoding': (text) =>
    Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'numeric entities': (text) => byLetter(text, (letter) => `&#${letter.charCodeAt(0)};`),
  'attention weights': (text) => byWord(text, (word) => `(${word}:1.3)`),
  'right-to-left override': (text) => `\u202e${Array.from(text).reverse().join('')}\u202c`,
  'inside a long harmless prompt': (text) =>
    `a castle above the clouds, oil painting, ${text}, golden hour, 8k, highly detailed`,
  'look-alikes and zero-width': (text) => Array.from(cyrillic(text)).join('\u2060'),
};

const splitAt = (text: string, at: number): RequestWords => ({
  prompt: text.slice(0, at),
  negativePrompt: text.slice(at),
});

/** Each way of hiding a request; one text may give several requests. */
export const evasions: readonly Evasion[] = [
  ...Object.entries(texts).map(([name, change]) => ({
    name,
    disguise: (text: string) => alone(change(text)),
  })),
  {
    name: 'split over prompt and negative prompt, anywhere',
    disguise: (text) => Array.from(text, (_, index) => splitAt(text, index + 1)),
  },
  {
    name: 'split, the other way round',
    disguise: (text) =>
      Array.from(text, (_, index) => ({
        prompt: text.slice(index),
        negativePrompt: text.slice(0, index),
      })),
  },
  {
    name: 'wholly in the negative prompt',
    disguise: (text) => [{ prompt: 'a castle', negativePrompt: text }],
  },
];
