import type { ConceptSet, Trie, TrieNode } from './trie.js';
import type { Spelled } from './spelled.js';

export const longestJoined = 28;
const mostRepeats = 3;
const firstAstral = 0x10000;

/** Pieces joined so far, as a place in the trie of joinable words: no text is built. */
export interface Joining {
  readonly length: number;
  readonly plain: TrieNode | undefined;
  /** The same without repeated letters. */
  readonly short: TrieNode | undefined;
  readonly shortLength: number;
  /** The last character. */
  readonly last: number;
}

/** Where a first piece leads to; `undefined` when no joinable word begins like that. */
export function joiningOf(text: string, joinable: Trie): Joining | undefined {
  const { root } = joinable;
  return joinedTo({ length: 0, plain: root, short: root, shortLength: 0, last: -1 }, text);
}

function joinedTo(joining: Joining, text: string): Joining | undefined {
  let { plain, short, shortLength, last } = joining;
  const length = joining.length + text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.codePointAt(i) ?? 0;
    plain &&= stepped(plain, code);
    if (code !== last) {
      short &&= stepped(short, code);
      shortLength += code < firstAstral ? 1 : 2;
      last = code;
    }
    if (plain === undefined && short === undefined) return undefined;
    if (code >= firstAstral) i += 1;
  }
  return { length, plain, short, shortLength, last };
}

function stepped(node: TrieNode, code: number): TrieNode | undefined {
  if (code < firstAstral) return node.next.get(code);
  const pair = String.fromCodePoint(code);
  return node.next.get(pair.charCodeAt(0))?.next.get(pair.charCodeAt(1));
}

/** Letters spelled out several times each count too; more would let a row of one letter cost a lot. */
const goesOn = ({ plain, short, length, shortLength }: Joining): boolean =>
  plain !== undefined || (short !== undefined && length <= shortLength * mostRepeats);

/** Words cut into pieces (`n u d e`, `un-dress`): pieces from `at` on that make a word together. */
export function addJoined(
  words: readonly Spelled[],
  at: number,
  first: Joining,
  add: (at: number, end: number, concepts: ConceptSet) => void,
): void {
  let joining = first;
  for (let end = at + 1; joining.length < longestJoined && goesOn(joining); end += 1) {
    const word = words[end];
    if (word === undefined) return;
    const longer = joinedTo(joining, word.token.text);
    if (longer === undefined) return;
    joining = longer;
    const { length, plain, short } = joining;
    const spelled = length === end - at + 1;
    if (length > 3 || spelled || !word.follows || word.item !== words[end - 1]?.item) {
      add(at, end, (plain?.concepts ?? 0) | (spelled ? (short?.concepts ?? 0) : 0));
    }
  }
}
