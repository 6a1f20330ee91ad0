import type { Lexicon } from './lexicon.js';
import type { ConceptSet, TrieNode } from './trie.js';
import type { Word } from './words.js';

const longestJoined = 28;
const mostRepeats = 3;
const firstAstral = 0x10000;

/** Pieces joined so far, as a place in the trie of joinable words: no text is built. */
class Joining {
  length = 0;
  private shortLength = 0;
  private last = -1;
  private plain: TrieNode | undefined;
  /** The same without repeated letters. */
  private short: TrieNode | undefined;

  constructor(root: TrieNode) {
    this.plain = root;
    this.short = root;
  }

  push(text: string): void {
    for (let i = 0; i < text.length && this.isAlive(); i += 1) {
      const code = text.codePointAt(i) ?? 0;
      const units = code < firstAstral ? 1 : 2;
      this.plain = stepped(this.plain, code);
      if (code !== this.last) {
        this.short = stepped(this.short, code);
        this.shortLength += units;
      }
      this.last = code;
      i += units - 1;
    }
    this.length += text.length;
  }

  private isAlive(): boolean {
    return this.plain !== undefined || this.short !== undefined;
  }

  /** Letters spelled out several times each count too; more would let a row of one letter cost a lot. */
  goesOn(): boolean {
    if (this.plain !== undefined) return true;
    return this.short !== undefined && this.length <= this.shortLength * mostRepeats;
  }

  get found(): ConceptSet {
    return this.plain?.concepts ?? 0;
  }

  get foundShort(): ConceptSet {
    return this.short?.concepts ?? 0;
  }
}

function stepped(node: TrieNode | undefined, code: number): TrieNode | undefined {
  if (code < firstAstral) return node?.next.get(code);
  const pair = String.fromCodePoint(code);
  return node?.next.get(pair.charCodeAt(0))?.next.get(pair.charCodeAt(1));
}

/** Whether words cut into pieces may begin with these letters. */
export function beginsJoined(text: string, { joinable }: Pick<Lexicon, 'joinable'>): boolean {
  const joining = new Joining(joinable.root);
  joining.push(text);
  return joining.goesOn();
}

/** Words cut into pieces (`n u d e`, `un-dress`): pieces from `at` on that make a word together. */
export function addJoined(
  words: readonly Word[],
  at: number,
  { joinable }: Lexicon,
  add: (at: number, end: number, concepts: ConceptSet) => void,
): void {
  const joining = new Joining(joinable.root);
  joining.push(words[at]?.token.text ?? '');
  for (let end = at + 1; end < words.length && joining.length < longestJoined; end += 1) {
    if (!joining.goesOn()) return;
    const word = words[end];
    if (word === undefined) return;
    joining.push(word.token.text);
    const pieces = end - at + 1;
    const spelled = joining.length === pieces;
    const cut = !word.follows || word.item !== words[end - 1]?.item;
    if (joining.length > 3 || spelled || cut) {
      add(at, end, joining.found | (spelled ? joining.foundShort : 0));
    }
  }
}
