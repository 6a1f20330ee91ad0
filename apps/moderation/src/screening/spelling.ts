import { neverSlips } from '../policy/languages/never-slips.js';

/** Where words and beginnings of words are looked up with one slip in them. */
export interface SpellingNode {
  readonly next: Map<number, SpellingNode>;
  /** The word that ends here. */
  word: string | undefined;
  /** The beginning of words that ends here. */
  stem: string | undefined;
}

/** Shorter ones are other words when one letter changes. */
export const shortestWord = 6;
const shortestStem = 6;
const shortestSlip = 5;
const longestSlip = 24;
/** Latin, Greek, Cyrillic, Hebrew, Arabic: words between blanks, of single letters. */
const afterLetters = 0x700;

const empty = (): SpellingNode => ({ next: new Map(), word: undefined, stem: undefined });

export function spellingOf(words: Iterable<string>, stems: Iterable<string>): SpellingNode {
  const root = empty();
  for (const word of words) nodeOf(root, word).word = word;
  for (const stem of stems) if (stem.length >= shortestStem) nodeOf(root, stem).stem = stem;
  return root;
}

function nodeOf(root: SpellingNode, entry: string): SpellingNode {
  let node = root;
  for (let at = 0; at < entry.length; at += 1) {
    const code = entry.charCodeAt(at);
    const next = node.next.get(code) ?? empty();
    node.next.set(code, next);
    node = next;
  }
  return node;
}

/**
 * The word of the lexicon that `text` is when one slip is mended: two letters exchanged, one left out,
 * one too many or one wrong, never the first. `undefined` when it is none, or a word of its own.
 */
export function mended(text: string, spelling: SpellingNode): string | undefined {
  const isOwn = text.length < shortestSlip || text.length > longestSlip || neverSlips.has(text);
  if (isOwn || text.charCodeAt(0) >= afterLetters) return undefined;
  return search({ text, node: spelling, at: 0, slippedAt: undefined });
}

interface Place {
  readonly text: string;
  readonly node: SpellingNode;
  readonly at: number;
  /** From where on no slip is allowed, once there was one. */
  readonly slippedAt: number | undefined;
}

const isLong = (word: string | undefined): boolean => (word?.length ?? 0) >= shortestWord;

/** Bounded: after the first slip there is one way on. */
function search({ text, node, at, slippedAt }: Place): string | undefined {
  if (slippedAt !== undefined && node.stem !== undefined && at > slippedAt) {
    return node.stem + text.slice(at);
  }
  if (at >= text.length)
    return slippedAt !== undefined && isLong(node.word) ? node.word : undefined;
  const next = node.next.get(text.charCodeAt(at));
  const found = next && search({ text, node: next, at: at + 1, slippedAt });
  if (found !== undefined || slippedAt !== undefined || at === 0) return found;
  return slipped(text, node, at);
}

function slipped(text: string, node: SpellingNode, at: number): string | undefined {
  const from = (there: SpellingNode | undefined, on: number) =>
    there && search({ text, node: there, at: at + on, slippedAt: at + on });
  const exchanged = node.next.get(text.charCodeAt(at + 1))?.next.get(text.charCodeAt(at));
  const swapped = from(exchanged, 2) ?? from(node, 1);
  // A wrong last letter, or none, is an ending more often than a slip.
  if (swapped !== undefined || at >= text.length - 1) return swapped;
  for (const other of node.next.values()) {
    const found = from(other, 0) ?? from(other, 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const latinLetter = /[a-z]/g;

/** Latin letters moved by half of the alphabet. */
export const rotated = (text: string): string =>
  text.replace(latinLetter, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 0x61 + 13) % 26) + 0x61),
  );

const masked = /\p{L}{1,24}(?:[*#%]{1,3}\p{L}{1,24}){1,8}/gu;
const mask = /[*#%]/;

/**
 * The text with the words in which signs hide vowels (`n*k*d`) as the words of the lexicon that they may
 * be; none when there are no such words.
 */
export function withVowels(text: string, spelling: SpellingNode): string[] {
  if (!mask.test(text) || text.search(masked) < 0) return [];
  return [text.replace(masked, (word) => withVowelsFrom(spelling, word, 0) ?? word)];
}

/** Bounded: few words of the lexicon have the consonants before a mask in common. */
function withVowelsFrom(node: SpellingNode, word: string, at: number): string | undefined {
  if (node.stem !== undefined) return node.stem + word.slice(at).replace(mask, 'a');
  if (at >= word.length) return node.word;
  const letters = mask.test(word.charAt(at)) ? 'aeiou' : word.charAt(at);
  for (const letter of letters) {
    const next = node.next.get(letter.charCodeAt(0));
    const found = next && withVowelsFrom(next, word, at + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
