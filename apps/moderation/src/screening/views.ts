import type { CompiledCompound } from './compounds.js';
import { farthest, meaningOf } from './compounds.js';
import type { Range } from './find.js';
import { hitsIn } from './find.js';
import { longestJoined } from './joined.js';
import type { ConceptSet, Lexicon } from './lexicon.js';
import { negativeFirst, wordsOfRequest } from './request.js';
import type { Tokens } from './tokens.js';
import { unspacedReadings } from './unspaced.js';
import type { Word } from './words.js';
import { backToFront, lettersReversed } from './words.js';

/** What all views of texts are looked through with. */
export interface Glasses {
  readonly lexicon: Lexicon;
  readonly tokens: Tokens;
  readonly compounds: readonly CompiledCompound[];
}

/** How many words around a difference can make a different meaning together with it. */
export const reachOf = ({ lexicon, compounds }: Glasses): number =>
  2 * Math.max(longestJoined, lexicon.longestPhrase) + farthest(compounds);

/**
 * The readings of one request, whose concepts count together. Most of them differ from an earlier one in
 * a few words, so only those are looked at, with as many around them as could mean something with them.
 */
export class Views {
  private readonly earlier: (readonly Word[])[] = [];
  private readonly earlierExchanged: (readonly Word[])[] = [];
  private readonly earlierDense = new Set<string>();
  /** Whether some word of some reading is one whose letters were moved by half of the alphabet. */
  isRotated = false;

  constructor(
    private readonly glasses: Glasses,
    private readonly reach = reachOf(glasses),
  ) {}

  /** Concepts in a reading: forwards, backwards, word by word backwards, fields exchanged. */
  conceptsOf(reading: string): ConceptSet {
    const { lexicon, tokens, compounds } = this.glasses;
    const words = takenApart(wordsOfRequest(reading, tokens));
    let found = this.bothWays(words, newIn(words, this.earlier, this.reach));
    this.isRotated ||= words.some(({ token }) => token.isRotated);
    if (words.some(({ token }) => token.corrected !== token)) {
      const corrected = words.map((word) => ({ ...word, token: word.token.corrected }));
      found |= this.meaningIn(corrected, newIn(corrected, this.earlier, this.reach));
    }
    if (words.some(({ item }) => item > 0)) {
      const exchanged = negativeFirst(words);
      const range = newIn(exchanged, this.earlierExchanged, this.reach);
      found |= this.meaningIn(exchanged, range);
    }
    for (const hits of unspacedReadings(reading, lexicon, this.earlierDense)) {
      found |= meaningOf(hits, compounds);
    }
    return found;
  }

  private bothWays(words: readonly Word[], range: Range): ConceptSet {
    if (range.from >= range.to) return 0;
    // As many words around the range as a hit that begins in it may need.
    const start = Math.max(0, range.from - this.reach);
    const turned = lettersReversed(words.slice(start, range.to + this.reach));
    const there = { from: range.from - start, to: range.to - start };
    const mirrored = { from: turned.length - there.to, to: turned.length - there.from };
    return (
      this.meaningIn(words, range) |
      this.meaningIn(turned, there) |
      this.meaningIn(backToFront(turned), mirrored)
    );
  }

  private meaningIn(words: readonly Word[], range: Range): ConceptSet {
    return meaningOf(hitsIn(words, this.glasses.lexicon, range), this.glasses.compounds);
  }
}

/** Where these words may mean what no earlier ones did, now being one of them; empty where nowhere. */
function newIn(words: readonly Word[], earlier: (readonly Word[])[], reach: number): Range {
  let range: Range = { from: 0, to: words.length };
  for (const other of earlier) {
    const { from, to } = differenceOf(words, other, reach);
    if (to - from < range.to - range.from) range = { from, to };
  }
  earlier.push(words);
  return range;
}

function differenceOf(words: readonly Word[], other: readonly Word[], reach: number): Range {
  const shorter = Math.min(words.length, other.length);
  let same = 0;
  while (same < shorter && isSame(words[same], other[same])) same += 1;
  if (same === words.length && same === other.length) return { from: 0, to: 0 };
  let sameEnd = 0;
  while (sameEnd < shorter - same && isSame(words.at(-1 - sameEnd), other.at(-1 - sameEnd))) {
    sameEnd += 1;
  }
  return {
    from: Math.max(0, same - reach),
    to: Math.min(words.length, words.length - sameEnd + reach),
  };
}

const isSame = (one: Word | undefined, other: Word | undefined): boolean =>
  one?.token === other?.token && one?.follows === other?.follows && one?.item === other?.item;

/** Words that are nothing but known words run together, each as those. */
function takenApart(words: readonly Word[]): readonly Word[] {
  if (words.every(({ token }) => token.parts.length === 1)) return words;
  return words.flatMap((word) => word.token.parts.map((token) => ({ ...word, token })));
}
