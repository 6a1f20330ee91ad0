import { addJoined } from './joined.js';
import type { ConceptSet, Lexicon } from './lexicon.js';
import { setOf } from './lexicon.js';
import { squeezed } from './normalise.js';
import type { PhraseNode } from './phrases.js';
import { phrasesAt } from './phrases.js';
import { beginningConcepts, mayHaveParts, partConcepts } from './stems.js';
import type { Token } from './tokens.js';
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
const determiners = new Set('her his their my your the all any wearing no'.split(' '));

/** Concepts at the words from `at` to `end`, both included. */
type Add = (at: number, end: number, concepts: ConceptSet) => void;

/** From one word (included) to another (not included). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Everything of the lexicon that begins at the words in the range, in order; linear in their number. */
export function hitsIn(words: readonly Word[], lexicon: Lexicon, { from, to }: Range): Hit[] {
  const found: Pick<Hit, 'at' | 'end' | 'concepts'>[] = [];
  const add: Add = (at, end, concepts) => {
    if (concepts !== 0) found.push({ at, end, concepts });
  };
  let harmlessBefore = 0;
  for (let at = Math.max(0, from - lexicon.longestPhrase); at < to; at += 1) {
    const token = words[at]?.token;
    if (token === undefined) break;
    if (token.isPlain && endsPlainly(words, at, token)) continue;
    if (token.harmless) {
      harmlessBefore = Math.max(harmlessBefore, at + harmlessLength(words, at, token.harmless));
    }
    if (at >= from && at >= harmlessBefore) addAt(words, at, token, { lexicon, add });
  }
  return found.length === 0 ? [] : placed(found, words);
}

interface Finding {
  readonly lexicon: Lexicon;
  readonly add: Add;
}

/** What begins at one word, in the order that nearness is judged by. */
function addAt(words: readonly Word[], at: number, token: Token, { lexicon, add }: Finding): void {
  add(at, at, token.concepts);
  if (token.phrases) {
    for (const phrase of phrasesAt(words, at, token.phrases)) {
      add(at, at + phrase.words.length - 1, phrase.concepts);
    }
  }
  if (token.joining) addJoined(words, at, token.joining, add);
  const next = words[at + 1];
  if (next && isCut(words[at], next)) add(at, at + 1, cutConcepts(token, next.token, lexicon));
  if (token.isMinorAge && (next?.token.isYear || words[at - 1]?.token.isAgeWord))
    add(at, at, minor);
}

/** Letters of the longest piece of a word; those within one of the two words were found there. */
const longestPart = 16;

/** Whether no stem can go on from the word at `at` into the next one. */
function endsPlainly(words: readonly Word[], at: number, token: Token): boolean {
  const next = words[at + 1];
  if (next === undefined) return true;
  return (!token.beginsStem && !mayHaveParts(next.token.text)) || !isCut(words[at], next);
}

const isCut = (word: Word | undefined, next: Word): boolean =>
  !next.follows || next.item !== word?.item;

/** A word that a sign, or the border between both fields, cuts in two: what its stem means. */
function cutConcepts(token: Token, next: Token, lexicon: Lexicon): ConceptSet {
  if (!token.beginsStem && !mayHaveParts(next.text)) return 0;
  const text = token.text + next.text;
  const across = token.text.slice(-longestPart) + next.text.slice(0, longestPart);
  return (
    beginningConcepts({ text, short: squeezed(text) }, lexicon) |
    partConcepts({ text: across, short: squeezed(across) }, lexicon)
  );
}

/** How many words from `at` belong to a harmless phrase; a sign between its words breaks it. */
function harmlessLength(words: readonly Word[], at: number, tree: PhraseNode): number {
  const unbroken = phrasesAt(words, at, tree).filter((phrase) =>
    phrase.words.every((_, offset) => offset === 0 || words[at + offset]?.follows === true),
  );
  return unbroken.reduce((longest, phrase) => Math.max(longest, phrase.words.length), 0);
}

/** The hits with their places in letters. */
function placed(
  found: readonly Pick<Hit, 'at' | 'end' | 'concepts'>[],
  words: readonly Word[],
): Hit[] {
  const offsets = [0];
  let letters = 0;
  for (const { token } of words) offsets.push((letters += token.text.length));
  return found.map((hit) =>
    withoutWantedCover(words, {
      ...hit,
      ...{ from: offsets[hit.at] ?? 0, to: offsets[hit.end + 1] ?? 0 },
    }),
  );
}

/**
 * `clothes` or `her clothes` as a whole item of the negative prompt asks for their absence;
 * `clothes with logos` does not, and nothing in the prompt itself does.
 */
function withoutWantedCover(words: readonly Word[], hit: Hit): Hit {
  if ((hit.concepts & unwantedCover) === 0) return hit;
  const item = words[hit.at]?.item ?? 0;
  const stray = (at: number) => words[at]?.item === item && !determiners.has(words[at].token.text);
  if (item > 0 && !stray(hit.at - 1) && !stray(hit.end + 1)) return hit;
  return { ...hit, concepts: hit.concepts & ~unwantedCover };
}
