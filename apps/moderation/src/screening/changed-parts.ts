import { isWordCharacter, lettersBetween, unitsAt } from './characters.js';
import type { Glasses } from './views.js';
import { longestJoined } from './joined.js';

/** How far around a change something can mean a different thing with it: each leg in words and letters. */
export type Reach = readonly { readonly words: number; readonly letters: number }[];

/** Letters that a compound's words may be apart for each word that they may. */
const lettersPerWord = 4;

/**
 * One hit on the changed word, a gap that a compound bridges, and the other hit. A hit is as long as the
 * longest phrase, or as a word cut into pieces.
 */
export function reachOfChange({ lexicon, compounds }: Glasses): Reach {
  const hit = { words: lexicon.longestPhrase, letters: longestJoined };
  const within = Math.max(0, ...compounds.map((compound) => compound.within));
  return [hit, { words: within, letters: within * lettersPerWord }, hit];
}

/** A reading as its pieces between blanks. */
export type Chunks = readonly string[];

export const chunksOf = (reading: string): Chunks => reading.split(' ');

/**
 * What of a reading has to be looked at when an earlier one was: the parts around what differs, with
 * as much around it as could mean something together with it. They end at signs that no harmless phrase
 * goes across, so that none is cut in two. The whole reading where the pieces of both do not match.
 */
export function changedParts(reading: Chunks, earlier: readonly Chunks[], reach: Reach): string[] {
  let changes: readonly number[] | undefined;
  for (const other of earlier) {
    const differing = differences(reading, other);
    if (differing && (!changes || differing.length < changes.length)) changes = differing;
  }
  if (changes === undefined) return [reading.join(' ')];
  const parts: string[] = [];
  let seenTo = -1;
  for (const [index, change] of changes.entries()) {
    if (change < seenTo) continue;
    const from = edge(reading, change, -1, reach);
    let to = edge(reading, change, 1, reach);
    // What changes within reach belongs to the same part.
    for (const later of changes.slice(index + 1)) {
      if (edge(reading, later, -1, reach) > to) break;
      to = Math.max(to, edge(reading, later, 1, reach));
    }
    parts.push(reading.slice(from, to + 1).join(' '));
    seenTo = to + 1;
  }
  return parts;
}

function differences(reading: Chunks, other: Chunks): number[] | undefined {
  if (reading.length !== other.length) return undefined;
  const found: number[] = [];
  for (let at = 0; at < reading.length; at += 1) if (reading[at] !== other[at]) found.push(at);
  return found;
}

/** The last piece to look at from `change` on in one direction. */
function edge(chunks: Chunks, change: number, step: -1 | 1, reach: Reach): number {
  let at = change;
  const end = step < 0 ? 0 : chunks.length - 1;
  for (const leg of reach) {
    let [words, letters] = [0, 0];
    while (at !== end && (words < leg.words || letters < leg.letters)) {
      at += step;
      const chunk = chunks[at] ?? '';
      const inChunk = lettersBetween(chunk, 0, chunk.length);
      words += inChunk > 0 ? 1 : 0;
      letters += inChunk;
    }
  }
  while (at !== end && !isBroken(chunks[step < 0 ? at - 1 : at] ?? '')) at += step;
  return at;
}

/** What an unbroken phrase may have at the end of a piece. */
const binding = "-'’";

/** Whether no harmless phrase goes on after this piece. */
function isBroken(chunk: string): boolean {
  const last = chunk.length - 1;
  if (last < 0 || binding.includes(chunk.charAt(last))) return false;
  const code = chunk.charCodeAt(last);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  return !isHalf && unitsAt(chunk, last, code) === 1 && !isWordCharacter(chunk, last, code);
}
