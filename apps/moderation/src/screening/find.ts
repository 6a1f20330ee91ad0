import { folded } from './fold.js';
import { squeezed } from './normalise.js';
import type { ConceptSet, Lexicon, Phrase } from './lexicon.js';
import { setOf } from './lexicon.js';
import type { Trie } from './trie.js';
import type { Word } from './words.js';
import { wordOf } from './words.js';

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
  (
    'year years yr yrs y yo yearold jahre jahrige jahriges ans anos anni лет года летняя jahrigen ' +
    'jaar jarig jarige lat letni letnia letnie latka latek roku yasinda yasindaki tahun tuoi let ar eves ' +
    'летнии летней летний років рік річна річний годишна χρονων ετων سنه سنوات عام عاما اعوام ساله سال سالگي ' +
    'साल वर्ष वर्षीय বছর বছরের שנים שנה 살 살의 살짜리 세 세의'
  )
    .split(' ')
    .map(folded),
);
const ageWords = new Set(
  'age aged ages turning turned umur usia edad idade eta wieku leeftijd בת בן בגיל عمر عمره عمرها อายุ'
    .split(' ')
    .map(folded),
);
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
    add(at, at + 1, cutConcepts(words, at, lexicon));
    if (isAge(words, at)) add(at, at, minor);
  }
  return hits.map((hit) => withoutWantedCover(words, hit));
}

function conceptsOf(word: Word, lexicon: Lexicon): ConceptSet {
  if (lexicon.harmlessWords.has(word.text)) return 0;
  return exactConcepts(word, lexicon) | stemConcepts(word, lexicon);
}

function exactConcepts({ text, short }: Word, lexicon: Lexicon): ConceptSet {
  const known = lexicon.words.get(text);
  if (known !== undefined) return known;
  return short === text ? 0 : (lexicon.squeezedWords.get(short) ?? 0);
}

/** What stems and parts of the word mean. */
function stemConcepts({ text, short }: Word, { stems, parts }: Lexicon): ConceptSet {
  const found = stems.plain.at(text) | partsIn(text, parts.plain);
  if (short === text) return found;
  return found | stems.squeezed.at(short) | partsIn(short, parts.squeezed);
}

/** Parts belong to scripts beyond Greek. */
const firstWithParts = 0x370;

function partsIn(text: string, parts: Trie): ConceptSet {
  let found = 0;
  if (text.charCodeAt(text.length - 1) < firstWithParts) return found;
  for (let from = 0; from < text.length; from += 1) {
    if (text.charCodeAt(from) >= firstWithParts) found |= parts.at(text, from);
  }
  return found;
}

/** A word that a sign, or the border between both fields, cuts in two: what its stem means. */
function cutConcepts(words: readonly Word[], at: number, lexicon: Lexicon): ConceptSet {
  const [word, next] = [words[at], words[at + 1]];
  if (!word || !next || (next.follows && next.item === word.item)) return 0;
  return stemConcepts(wordOf(word.text + next.text, word), lexicon);
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
    const cut = words[end]?.follows === false || words[end]?.item !== words[end - 1]?.item;
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
  return yearWords.has(next) || ageWords.has(before) || /^[歳才岁歲]|^ปี|^ขวบ/u.test(next);
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

/** Words of scripts without spaces, in order; positions count characters. */
export function unspacedHits(text: string, lexicon: Lexicon): Hit[] {
  const dense = lexicon.harmlessUnspaced.reduce(
    (rest, word) => rest.replaceAll(word, ' '),
    text.replace(/[^\p{L}\p{N}\p{M}]/gu, ''),
  );
  const hits: Hit[] = [];
  for (let at = 0; at < dense.length; at += 1) {
    lexicon.unspaced.walk(dense, at, (to, concepts) => {
      hits.push({ at, end: to - 1, from: at, to, concepts });
    });
  }
  return hits;
}
