/** A set of concepts as a bit mask. */
export type ConceptSet = number;

interface Node {
  concepts: ConceptSet;
  readonly next: Map<number, Node>;
}

const empty = (): Node => ({ concepts: 0, next: new Map() });

/** Entries found by walking a text once from each place; most walks end at the first letter. */
export class Trie {
  private readonly root = empty();

  add(entry: string, concepts: ConceptSet): void {
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
    let found = 0;
    this.walk(text, from, (_, concepts) => (found |= concepts));
    return found;
  }

  /** Tells of each entry that begins at `from`, and where it ends (exclusive). */
  walk(text: string, from: number, tell: (end: number, concepts: ConceptSet) => void): void {
    let node: Node | undefined = this.root;
    for (let i = from; i < text.length; i += 1) {
      node = node.next.get(text.charCodeAt(i));
      if (node === undefined) return;
      if (node.concepts !== 0) tell(i + 1, node.concepts);
    }
  }
}
