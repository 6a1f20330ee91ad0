import { byLetter, letterTable, shifted } from './transform.js';

/** Letters that look like others, for the transforms. */
export const cyrillic = letterTable('aceopxyiskmt', 'асеорхуіѕкмт');
export const greek = letterTable('aeiknoptuvx', 'αεικηορτυνχ');
export const smallCapitals = letterTable('abcdeghijklmnoprtuvwyz', 'ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ');
const turned = letterTable('abcdefghijklmnpqrtuvwy', 'ɐqɔpǝɟƃɥᴉɾʞlɯudbɹʇnʌʍʎ');
export const upsideDown = (text: string): string => turned(text.toLowerCase());
export const leet = letterTable('aeiost', '4310$7');
export const leetSigns = letterTable('aist', '@!$+');
export const fullWidth = shifted(0xff41);
export const mathematicalBold = shifted(0x1d41a);
export const mathematicalScript = shifted(0x1d4ea);
export const fraktur = shifted(0x1d586);
export const doubleStruck = shifted(0x1d552);
export const circled = shifted(0x24d0);
export const parenthesised = shifted(0x249c);
export const squared = shifted(0x1f130);
export const negativeSquared = shifted(0x1f170);

/** Letters of flags, with a sign between so that no two make a flag. */
export const regional = (text: string): string => Array.from(shifted(0x1f1e6)(text)).join('\u200b');

export const rot13 = (text: string): string =>
  byLetter(text, (letter) => {
    const code = letter.charCodeAt(0);
    const start = code >= 0x61 ? 0x61 : 0x41;
    return /^[a-zA-Z]$/.test(letter)
      ? String.fromCharCode(((code - start + 13) % 26) + start)
      : letter;
  });

const neighbours: Readonly<Record<string, string>> = {
  ...{ a: 's', b: 'v', c: 'x', d: 's', e: 'w', f: 'g', g: 'h', h: 'j', i: 'u', j: 'k', k: 'l' },
  ...{ l: 'k', m: 'n', n: 'b', o: 'i', p: 'o', r: 't', s: 'd', t: 'r', u: 'y', v: 'c', w: 'e' },
  ...{ y: 't', z: 'x' },
};

/** The key beside it, for a slip of the finger. */
export const beside = (letter: string): string => neighbours[letter] ?? letter;
