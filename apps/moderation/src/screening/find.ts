import { squeezed } from './normalise.js';
import type { ConceptSet, Lexicon, Phrase } from './lexicon.js';
import { setOf } from './lexicon.js';
import type { Word } from './words.js';

/** Concepts found at the words from `at` to `end`, both included. */
export interface Hit {
  readonly at: number;
  readonly end: number;
  /** The same range in letters, for texts that are cut into single ones. */
  readonly from: number;
  readonly to: number;
  readonly concepts: ConceptSet;
}

const minor = setOf(['minor']);
const unwantedCover = setOf(['unwanted-cover']);
const longestJoined = 28;
const mostRepeats = 3;
const adultAge = 18;
const agesInWords = new Set(
  (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
    'sixteen seventeen'
  ).split(' '),
);
const yearWords = new Set(
  'year years yr yrs y yo yearold jahre jahrige jahriges ans anos anni лет года летняя'.split(' '),
);
const ageWords = new Set(['age', 'aged', 'ages', 'turning', 'turned']);
const determiners = new Set('her his their my your the all any wearing no'.split(' '));

/** Everything of the lexicon in these words, in order; linear in their number. */
export function hitsIn(words: readonly Word[], lexicon: Lexicon): Hit[] {
  const hits: Hit[] = [];
  const offsets = [0];
  for (const word of words) offsets.push((offsets.at(-1) ?? 0) + word.text.length);
  const add = (at: number, end: number, concepts: ConceptSet) => {
    if (concepts === 0) return;
    hits.push({ at, end, from: offsets[at] ?? 0, to: offsets[end + 1] ?? 0, concepts });
  };
  let harmlessBefore = 0;
  for (const [at, word] of words.entries()) {
    harmlessBefore = Math.max(harmlessBefore, at + harmlessLength(words, at, lexicon));
    if (at < harmlessBefore) continue;
    add(at, at, conceptsOf(word, lexicon));
    for (const phrase of phrasesAt(words, at, lexicon.phrases)) {
      add(at, at + phrase.words.length - 1, phrase.concepts);
    }
    addJoined(words, at, lexicon, add);
    if (isAge(words, at)) add(at, at, minor);
  }
  return hits.map((hit) => withoutWantedCover(words, hit));
}

function conceptsOf({ text, short }: Word, lexicon: Lexicon): ConceptSet {
  const known = lexicon.words.get(text);
  if (known !== undefined) return known;
  return short === text ? 0 : (lexicon.squeezedWords.get(short) ?? 0);
}

function phrasesAt(
  words: readonly Word[],
  at: number,
  phrases: ReadonlyMap<string, readonly Phrase[]>,
): Phrase[] {
  const first = words[at];
  if (first === undefined) return [];
  const candidates = phrases.get(first.text) ?? phrases.get(first.short);
  if (candidates === undefined) return [];
  return candidates.filter((phrase) =>
    phrase.words.every((expected, offset) => {
      const word = words[at + offset];
      return word !== undefined && (word.text === expected || isStretched(word, expected));
    }),
  );
}

function isStretched({ text, short }: Word, expected: string): boolean {
  return text.length > expected.length && short === squeezed(expected);
}

/** How many words from `at` belong to a harmless phrase; a sign between its words breaks it. */
function harmlessLength(words: readonly Word[], at: number, lexicon: Lexicon): number {
  const unbroken = phrasesAt(words, at, lexicon.harmless).filter((phrase) =>
    phrase.words.every((_, offset) => offset === 0 || words[at + offset]?.follows === true),
  );
  return unbroken.reduce((longest, phrase) => Math.max(longest, phrase.words.length), 0);
}

/** Words cut into pieces (`n u d e`, `un-dress`): pieces from `at` on that make a word together. */
function addJoined(
  words: readonly Word[],
  at: number,
  lexicon: Lexicon,
  add: (at: number, end: number, concepts: ConceptSet) => void,
): void {
  let joined = words[at]?.text ?? '';
  for (let end = at + 1; end < words.length && joined.length < longestJoined; end += 1) {
    if (!lexicon.beginnings.has(joined) && !beginsStretched(joined, lexicon)) return;
    joined += words[end]?.text ?? '';
    const pieces = end - at + 1;
    const spelled = joined.length === pieces;
    const cut = words[end]?.follows === false;
    if (joined.length > 3 || spelled || cut) {
      const found = lexicon.joinable.get(joined) ?? 0;
      add(at, end, found | (spelled ? (lexicon.joinable.get(squeezed(joined)) ?? 0) : 0));
    }
  }
}

/** Letters spelled out several times each; more than that would let a row of one letter cost a lot. */
function beginsStretched(joined: string, lexicon: Lexicon): boolean {
  const short = squeezed(joined);
  return joined.length <= short.length * mostRepeats && lexicon.beginnings.has(short);
}

/** An age under 18: `12 years`, `aged 12`, `twelve-year-old`, `12歳`. */
function isAge(words: readonly Word[], at: number): boolean {
  const text = words[at]?.text ?? '';
  const numeric = /^\d{1,2}$/.test(text);
  if (numeric ? Number(text) >= adultAge || Number(text) < 1 : !agesInWords.has(text)) return false;
  const next = words[at + 1]?.text ?? '';
  const before = words[at - 1]?.text ?? '';
  return yearWords.has(next) || ageWords.has(before) || /^[歳才岁歲]/u.test(next);
}

/**
 * `clothes` or `her clothes` as a whole item of the negative prompt asks for their absence;
 * `clothes with logos` does not, and nothing in the prompt itself does.
 */
function withoutWantedCover(words: readonly Word[], hit: Hit): Hit {
  if ((hit.concepts & unwantedCover) === 0) return hit;
  const item = words[hit.at]?.item ?? 0;
  const stray = (at: number) => words[at]?.item === item && !determiners.has(words[at].text);
  if (item > 0 && !stray(hit.at - 1) && !stray(hit.end + 1)) return hit;
  return { ...hit, concepts: hit.concepts & ~unwantedCover };
}

/** Words of scripts without spaces; positions count characters. */
export function unspacedHits(text: string, lexicon: Lexicon): Hit[] {
  const dense = text.replace(/[^\p{L}\p{N}]/gu, '');
  return lexicon.unspaced.flatMap((entry) => {
    const at = dense.indexOf(entry.text);
    if (at < 0) return [];
    const to = at + entry.text.length;
    return [{ at, end: to - 1, from: at, to, concepts: entry.concepts }];
  });
}
