const base64Word = /[A-Za-z0-9+/_-]{6,}={0,2}/g;
const hexWord = /\b(?:[0-9a-fA-F]{2}[ :]?){4,}/g;
const percentByte = /%[0-9a-fA-F]{2}/;
const entity = /&#(x[0-9a-f]{1,6}|[0-9]{1,7});?/gi;
/** As programs write characters: `\\u006e`, `\\u{6e}`, `\\x6e`. */
const escape = /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2}))/gi;
const smallestShareOfLetters = 0.8;

/**
 * The text with every encoded word (base64, hexadecimal, percent-encoding, numeric entities, escapes) decoded
 * in its place, one layer; `undefined` when nothing in it decodes to readable text.
 */
export function decoded(text: string): string | undefined {
  const bytes = decodedPercent(text)
    .replace(entity, (whole, code: string) => characterOf(code) ?? whole)
    .replace(escape, (whole, ...codes: string[]) => escaped(codes) ?? whole)
    .replace(hexWord, (word) => readable(Buffer.from(word.replace(/[ :]/g, ''), 'hex')) ?? word);
  // Words that were just decoded are base64 by accident too often: their turn is the next layer.
  if (bytes !== text) return bytes;
  const result = text.replace(base64Word, decodedBase64);
  return result === text ? undefined : result;
}

const decodedBase64 = (word: string): string =>
  beginsReadably(word) ? (readable(Buffer.from(word, 'base64')) ?? word) : word;

/** What `Buffer` reads each character as: both alphabets of base64. */
const sextets = new Uint8Array(0x80);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let at = 0; at < alphabet.length; at += 1) sextets[alphabet.charCodeAt(at)] = at;
sextets['-'.charCodeAt(0)] = sextets['+'.charCodeAt(0)] ?? 0;
sextets['_'.charCodeAt(0)] = sextets['/'.charCodeAt(0)] ?? 0;

/** Whether the first two bytes can begin readable UTF-8: most words fail here, at a tenth of the cost. */
function beginsReadably(word: string): boolean {
  const [a = 0, b = 0, c = 0] = [0, 1, 2].map((at) => sextets[word.charCodeAt(at)]);
  const first = (a << 2) | (b >> 4);
  const second = ((b & 0xf) << 4) | (c >> 2);
  if (first < 0x20 || second < 0x20) return false;
  const isContinued = (second & 0xc0) === 0x80;
  return first < 0x80 ? !isContinued : first >= 0xc2 && first < 0xf5 && isContinued;
}

function decodedPercent(text: string): string {
  if (!percentByte.test(text)) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** @param codes of which one is there, in hexadecimal. */
function escaped(codes: readonly (string | undefined)[]): string | undefined {
  const code = parseInt(codes.slice(0, 3).find((one) => one !== undefined) ?? '', 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function characterOf(code: string): string | undefined {
  const point =
    code.startsWith('x') || code.startsWith('X') ? parseInt(code.slice(1), 16) : Number(code);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

/** Most ordinary words are base64 by accident, but of bytes that nobody can read. */
function readable(bytes: Buffer): string | undefined {
  let letters = 0;
  for (const byte of bytes) {
    if (byte < 0x20 || byte === 0x7f) return undefined;
    if (byte === 0x20 || isLetterOrDigit(byte) || byte >= 0x80) letters += 1;
  }
  if (letters < bytes.length * smallestShareOfLetters) return undefined;
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? undefined : text;
}

const isLetterOrDigit = (byte: number): boolean =>
  ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || (byte >= 0x30 && byte <= 0x39);

const deepestEncoding = 3;

/** What is encoded in the text, layer in layer: `&#4304;` says as much as the letter. */
export function encodedLayers(text: string): string[] {
  const layers: string[] = [];
  for (let inner = decoded(text); inner !== undefined; inner = decoded(inner)) {
    layers.push(inner);
    if (layers.length >= deepestEncoding) break;
  }
  return layers;
}
