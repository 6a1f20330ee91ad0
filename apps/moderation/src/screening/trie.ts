/** A set of concepts as a bit mask. */
export type ConceptSet = number;

/** Where a walk through a trie stands; `undefined` stands for nowhere: nothing begins like that. */
export interface TrieNode {
  /** What the entry that ends here means; 0 when none does. */
  concepts: ConceptSet;
  readonly next: Map<number, TrieNode>;
}

const empty = (): TrieNode => ({ concepts: 0, next: new Map() });

/** Entries found by walking a text once from each place; most walks end at the first letter. */
export class Trie {
  readonly root = empty();
  /** Code units that some entry begins with: 64 KiB that spare most walks. */
  private readonly firsts = new Uint8Array(0x10000);

  add(entry: string, concepts: ConceptSet): void {
    this.firsts[entry.charCodeAt(0)] = 1;
    let node = this.root;
    for (let i = 0; i < entry.length; i += 1) {
      const code = entry.charCodeAt(i);
      const next = node.next.get(code) ?? empty();
      node.next.set(code, next);
      node = next;
    }
    node.concepts |= concepts;
  }

  /** What all entries that begin at `from` mean. */
  at(text: string, from = 0): ConceptSet {
    if (this.firsts[text.charCodeAt(from)] !== 1) return 0;
    let found = 0;
    let node: TrieNode | undefined = this.root;
    for (let i = from; i < text.length; i += 1) {
      node = node.next.get(text.charCodeAt(i));
      if (node === undefined) return found;
      found |= node.concepts;
    }
    return found;
  }

  /** Tells of each entry that begins at `from`, and where it ends (exclusive). */
  walk(text: string, from: number, tell: (end: number, concepts: ConceptSet) => void): void {
    if (this.firsts[text.charCodeAt(from)] !== 1) return;
    let node: TrieNode | undefined = this.root;
    for (let i = from; i < text.length; i += 1) {
      node = node.next.get(text.charCodeAt(i));
      if (node === undefined) return;
      if (node.concepts !== 0) tell(i + 1, node.concepts);
    }
  }

  /** Whether some entry is `text` or begins with it. */
  begins(text: string): boolean {
    let node: TrieNode | undefined = this.root;
    for (let i = 0; i < text.length; i += 1) {
      node = node.next.get(text.charCodeAt(i));
      if (node === undefined) return false;
    }
    return true;
  }
}
