interface Entry<Key, Rank> {
  readonly key: Key;
  rank: Rank;
  /** Where it stands among the entries. */
  place: number;
}

/**
 * A binary heap whose entries are also found by key, so that one can be moved or taken out from the
 * middle: all changes in O(log n), `peek` and `get` in O(1).
 */
export class IndexedHeap<Key, Rank> {
  private readonly entries: Entry<Key, Rank>[] = [];
  private readonly known = new Map<Key, Entry<Key, Rank>>();

  constructor(private readonly isBefore: (a: Rank, b: Rank) => boolean) {}

  get size(): number {
    return this.entries.length;
  }

  has(key: Key): boolean {
    return this.known.has(key);
  }

  /** The entry with the lowest rank. */
  peek(): { readonly key: Key; readonly rank: Rank } | undefined {
    return this.entries[0];
  }

  /** The entry that would be on top if the first were taken out. */
  second(): { readonly key: Key; readonly rank: Rank } | undefined {
    const [, left, right] = this.entries;
    if (left === undefined || right === undefined) return left;
    return this.isBefore(right.rank, left.rank) ? right : left;
  }

  /** Keys whose ranks come before this one, at most `limit` of them, in no order. */
  before(rank: Rank, limit: number): Key[] {
    const found: Key[] = [];
    const open = [0];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const entry = this.entries[place];
      if (entry === undefined || !this.isBefore(entry.rank, rank)) continue;
      found.push(entry.key);
      if (found.length >= limit) break;
      // Below an entry nothing comes before it: where one is not before, neither is what it carries.
      open.push(2 * place + 1, 2 * place + 2);
    }
    return found;
  }

  clone(): IndexedHeap<Key, Rank> {
    const copy = new IndexedHeap<Key, Rank>(this.isBefore);
    for (const { key, rank, place } of this.entries) {
      const entry = { key, rank, place };
      copy.known.set(key, entry);
      copy.entries.push(entry);
    }
    return copy;
  }

  /** Adds the key, or moves it to another rank. */
  set(key: Key, rank: Rank): void {
    const known = this.known.get(key);
    if (known === undefined) {
      const entry = { key, rank, place: this.entries.length };
      this.known.set(key, entry);
      this.entries.push(entry);
      this.rise(entry);
      return;
    }
    known.rank = rank;
    this.settle(known);
  }

  /** @returns whether the key was there */
  delete(key: Key): boolean {
    const gone = this.known.get(key);
    if (gone === undefined) return false;
    this.known.delete(key);
    const last = this.entries.pop();
    if (last !== undefined && last !== gone) {
      this.put(last, gone.place);
      this.settle(last);
    }
    return true;
  }

  private at(place: number): Entry<Key, Rank> {
    const entry = this.entries[place];
    if (entry === undefined) throw new Error(`the heap has no place ${place}`);
    return entry;
  }

  private put(entry: Entry<Key, Rank>, place: number): void {
    this.entries[place] = entry;
    entry.place = place;
  }

  private settle(entry: Entry<Key, Rank>): void {
    const from = entry.place;
    this.rise(entry);
    if (entry.place === from) this.sink(entry);
  }

  private rise(entry: Entry<Key, Rank>): void {
    let { place } = entry;
    while (place > 0) {
      const parent = this.at((place - 1) >> 1);
      if (!this.isBefore(entry.rank, parent.rank)) break;
      const above = parent.place;
      this.put(parent, place);
      place = above;
    }
    this.put(entry, place);
  }

  private sink(entry: Entry<Key, Rank>): void {
    let { place } = entry;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.entries.length) break;
      let child = this.at(left);
      const right = this.entries[left + 1];
      if (right !== undefined && this.isBefore(right.rank, child.rank)) child = right;
      if (!this.isBefore(child.rank, entry.rank)) break;
      const below = child.place;
      this.put(child, place);
      place = below;
    }
    this.put(entry, place);
  }
}
