import { isWordCharacter, unitsAt } from './characters.js';
import type { Hit } from './find.js';
import type { Lexicon } from './lexicon.js';
import { squeezed } from './normalise.js';
import { fieldsExchanged } from './request.js';

const unspacedScript = /[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/;

/** Letters of other scripts strewn into words of these. */
const strewn = /(?<=[\u3040-\u30ff\u3400-\u9fff])[a-z0-9]{1,2}(?=[\u3040-\u30ff\u3400-\u9fff])/g;

/** Which of these stand somewhere cannot make a word of those scripts where there was none. */
const otherLetters = /[a-z0-9\u0430-\u044f]+/g;
const hasOther = (word: string): boolean => word.search(otherLetters) >= 0;

/**
 * Words of scripts without spaces in a text as it stands, backwards, with its fields exchanged, and in
 * each with letters once; none where no such script is, and none of texts that were looked at before.
 */
export function unspacedReadings(reading: string, lexicon: Lexicon, before: Set<string>): Hit[][] {
  if (!unspacedScript.test(reading)) return [];
  // The blank keeps it apart from letters alone, which stand in the same set.
  const outline = ` ${reading.replace(otherLetters, 'a')}`;
  if (before.has(outline)) return [];
  const dense = new Set<string>();
  for (const text of new Set([reading, fieldsExchanged(reading)])) {
    for (const letters of new Set(
      [text, squeezed(text), text.replace(strewn, '')].map(lettersOf),
    )) {
      dense.add(letters).add(reversed(letters));
    }
  }
  const fresh = [...dense].filter((letters) => !before.has(letters));
  for (const letters of fresh) before.add(letters);
  const found = fresh.map((letters) => unspacedHits(letters, lexicon)).filter(isSome);
  if (found.length === 0 && !lexicon.harmlessUnspaced.some(hasOther)) before.add(outline);
  return found;
}

const isSome = (hits: readonly Hit[]): boolean => hits.length > 0;

/** The words of the lexicon in letters without signs between them, in order; positions count code units. */
function unspacedHits(letters: string, lexicon: Lexicon): Hit[] {
  const rest = letters.replace(lexicon.harmlessUnspacedPattern, ' ');
  const hits: Hit[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    lexicon.unspaced.walk(rest, at, (to, concepts) => {
      hits.push({ at, end: to - 1, from: at, to, concepts });
    });
  }
  return hits;
}

/** The text without anything but letters, digits and marks. */
function lettersOf(text: string): string {
  let letters = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    const units = unitsAt(text, at, code);
    if (!isWordCharacter(text, at, code)) {
      letters += text.slice(from, at);
      from = at + units;
    }
    at += units;
  }
  return letters + text.slice(from);
}

const surrogate = /[\ud800-\udfff]/;

/** The letters from the end to the beginning. */
function reversed(text: string): string {
  if (surrogate.test(text)) return Array.from(text).reverse().join('');
  const units = Buffer.from(text, 'utf16le');
  return Buffer.from(units.swap16().reverse()).toString('utf16le');
}
