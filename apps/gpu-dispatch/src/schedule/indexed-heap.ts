/**
 * A binary heap whose entries are also found by key, so that one can be moved or taken out from the
 * middle: all changes in O(log n), `peek` and `get` in O(1).
 */
export class IndexedHeap<Key, Rank> {
  private readonly entries: { readonly key: Key; rank: Rank }[] = [];
  private readonly places = new Map<Key, number>();

  constructor(private readonly isBefore: (a: Rank, b: Rank) => boolean) {}

  get size(): number {
    return this.entries.length;
  }

  has(key: Key): boolean {
    return this.places.has(key);
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
    for (const { key, rank } of this.entries) {
      copy.places.set(key, copy.entries.length);
      copy.entries.push({ key, rank });
    }
    return copy;
  }

  /** Adds the key, or moves it to another rank. */
  set(key: Key, rank: Rank): void {
    const place = this.places.get(key);
    if (place === undefined) {
      this.entries.push({ key, rank });
      this.rise(this.entries.length - 1);
      return;
    }
    this.at(place).rank = rank;
    this.sink(this.rise(place));
  }

  /** @returns whether the key was there */
  delete(key: Key): boolean {
    const place = this.places.get(key);
    if (place === undefined) return false;
    this.places.delete(key);
    const last = this.entries.pop();
    if (last !== undefined && place < this.entries.length) {
      this.put(last, place);
      this.sink(this.rise(place));
    }
    return true;
  }

  private at(place: number): { readonly key: Key; rank: Rank } {
    const entry = this.entries[place];
    if (entry === undefined) throw new Error(`the heap has no place ${place}`);
    return entry;
  }

  private put(entry: { readonly key: Key; rank: Rank }, place: number): void {
    this.entries[place] = entry;
    this.places.set(entry.key, place);
  }

  private rise(from: number): number {
    const entry = this.at(from);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.isBefore(entry.rank, this.at(parent).rank)) break;
      this.put(this.at(parent), place);
      place = parent;
    }
    this.put(entry, place);
    return place;
  }

  private sink(from: number): void {
    const entry = this.at(from);
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.entries.length) break;
      const sibling = child + 1;
      if (
        sibling < this.entries.length &&
        this.isBefore(this.at(sibling).rank, this.at(child).rank)
      ) {
        child = sibling;
      }
      if (!this.isBefore(this.at(child).rank, entry.rank)) break;
      this.put(this.at(child), place);
      place = child;
    }
    this.put(entry, place);
  }
}
