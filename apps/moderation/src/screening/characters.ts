const wordCharacter = /[\p{L}\p{N}\p{M}]/u;
const mark = /\p{M}/u;
const [unknown, sign, letter, vowelSign] = [0, 1, 2, 3];
/** What the expressions above say of each character, once asked; surrogates stay unknown. */
const kinds = new Uint8Array(0x10000).fill(unknown);

const kindOf = (character: string): number => {
  if (!wordCharacter.test(character)) return sign;
  return mark.test(character) ? vowelSign : letter;
};

function kindAt(text: string, at: number, code: number): number {
  if (code >= 0xd800 && code <= 0xdfff) {
    return kindOf(String.fromCodePoint(text.codePointAt(at) ?? 0));
  }
  const known = kinds[code] ?? unknown;
  if (known !== unknown) return known;
  return (kinds[code] = kindOf(String.fromCharCode(code)));
}

/** Whether the character at `at`, whose first code unit is `code`, is a letter, digit or mark. */
export const isWordCharacter = (text: string, at: number, code: number): boolean =>
  kindAt(text, at, code) !== sign;

/** How many code units the character at `at` takes. */
export const unitsAt = (text: string, at: number, code: number): 1 | 2 =>
  code >= 0xd800 && code <= 0xdbff && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;

/** Whether two single letters or digits follow each other with nothing but signs between them. */
export function hasSpelledPair(text: string): boolean {
  let run = 0;
  let single = false;
  let startsWithMark = false;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    const kind = kindAt(text, at, code);
    if (kind !== sign) {
      if (run === 0) startsWithMark = kind === vowelSign;
      run += 1;
    } else if (run > 0) {
      if (run === 1 && single) return true;
      single = run === 1 && !startsWithMark;
      run = 0;
    }
    at += unitsAt(text, at, code);
  }
  return run === 1 && single;
}

/** Code units of letters, digits and marks from `from` to `to`. */
export function lettersBetween(text: string, from: number, to: number): number {
  let letters = 0;
  for (let at = from; at < to;) {
    const code = text.charCodeAt(at);
    const units = unitsAt(text, at, code);
    if (isWordCharacter(text, at, code)) letters += units;
    at += units;
  }
  return letters;
}
