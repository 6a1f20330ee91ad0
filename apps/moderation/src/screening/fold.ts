/** Invisible: format characters, Hangul fillers, blank Braille, the Arabic stretcher. They only hide words. */
const invisible = /[\p{Cf}\u115f\u1160\u3164\uffa0\u2800\u0640]/gu;
/** All marks but the vowel signs of Devanagari and Bengali, without which most words there look alike. */
const marks = /(?![\u0900-\u0903\u093e-\u094c\u0955-\u0957\u0982\u0983\u09be-\u09cc\u09d7])\p{M}/gu;
// oxlint-disable-next-line no-control-regex -- plain ASCII, which needs none of the Unicode steps
const ascii = /^[\x00-\x7f]*$/;
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
const otherDigit = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/g;
/** One letter in several shapes: by language (Arabic, Persian, Urdu), or at the end of a word. */
const sameLetter: Readonly<Record<string, string>> = {
  ...{ ى: 'ي', ی: 'ي', ے: 'ي', ک: 'ك', ڪ: 'ك', ة: 'ه', ہ: 'ه', ھ: 'ه', ۃ: 'ه', ں: 'ن' },
  ...{ ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ', ς: 'σ', ß: 'ss', '\u0901': '\u0902' },
};
const shaped = /[ß\u0370-\u06ff]|\u0901/g;

/** Letters in negative circles and squares, and of flags, which have no compatibility form. */
const enclosed = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;
const enclosedAlphabets = [0x1f1e6, 0x1f170, 0x1f150];
const letterA = 0x61;

function plainEnclosed(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  return String.fromCharCode(
    letterA + code - (enclosedAlphabets.find((first) => code >= first) ?? code),
  );
}

/**
 * Compatibility forms, case, invisible characters, most combining marks, native digits and shapes of
 * one letter taken away; the script stays. Idempotent; never longer than 18 times the input (the bound
 * of NFKC expansion).
 */
export function folded(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .normalize('NFKD')
      .replace(invisible, '')
      .replace(enclosed, plainEnclosed)
      .replace(marks, '')
      // Puts the syllables of Korean together again, which else could not be read backwards.
      .normalize('NFC')
      .replace(shaped, (letter) => sameLetter[letter] ?? letter)
      .replace(otherDigit, plainDigit)
  );
}

function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - (zeros.find((zero) => code >= zero && code < zero + 10) ?? code));
}
