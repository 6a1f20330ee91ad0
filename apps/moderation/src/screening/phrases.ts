import type { ConceptSet } from './trie.js';
import { squeezed } from './normalise.js';
import type { Spelled } from './spelled.js';

export interface Phrase {
  readonly words: readonly string[];
  readonly concepts: ConceptSet;
}

/** All phrases with the same first words, one word after the other. */
export interface PhraseNode {
  readonly next: Map<string, PhraseNode>;
  /** The next words again, by their letters without repeats. */
  readonly stretched: Map<string, [string, PhraseNode][]>;
  /** Phrases that end here, each with its rank in the vocabulary. */
  readonly ends: { readonly rank: number; readonly phrase: Phrase }[];
}

const empty = (): PhraseNode => ({ next: new Map(), stretched: new Map(), ends: [] });

/** Phrases by their first word. */
export function phraseTrees(
  phrases: ReadonlyMap<string, readonly Phrase[]>,
): Map<string, PhraseNode> {
  const trees = new Map<string, PhraseNode>();
  for (const [first, list] of phrases) {
    const root = empty();
    for (const [rank, phrase] of list.entries()) {
      phrase.words.slice(1).reduce(nextOf, root).ends.push({ rank, phrase });
    }
    trees.set(first, root);
  }
  return trees;
}

function nextOf(node: PhraseNode, word: string): PhraseNode {
  const known = node.next.get(word);
  if (known) return known;
  const made = empty();
  node.next.set(word, made);
  const short = squeezed(word);
  node.stretched.set(short, [...(node.stretched.get(short) ?? []), [word, made]]);
  return made;
}

/** Phrases of the tree that the words from `at` on make, in the order of the vocabulary. */
export function phrasesAt(words: readonly Spelled[], at: number, tree: PhraseNode): Phrase[] {
  const found: PhraseNode['ends'] = [];
  collect(words, at + 1, tree, found);
  if (found.length > 1) found.sort((one, other) => one.rank - other.rank);
  return found.map(({ phrase }) => phrase);
}

function collect(
  words: readonly Spelled[],
  at: number,
  node: PhraseNode,
  found: PhraseNode['ends'],
): void {
  const token = words[at]?.token;
  if (token === undefined) return;
  const { text, short } = token;
  const next = node.next.get(text);
  if (next) enter(words, at, next, found);
  if (short === text) return;
  for (const [expected, stretched] of node.stretched.get(short) ?? []) {
    if (text.length > expected.length) enter(words, at, stretched, found);
  }
}

function enter(words: readonly Spelled[], at: number, node: PhraseNode, found: PhraseNode['ends']) {
  found.push(...node.ends);
  if (node.next.size > 0) collect(words, at + 1, node, found);
}
