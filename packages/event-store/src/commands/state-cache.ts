/** A folded state and the version of the stream it belongs to. */
export interface Folded<State> {
  readonly state: State;
  readonly version: number;
}

/** Keeps the folded states that were used last. */
export class StateCache<State> {
  private readonly entries = new Map<string, Folded<State>>();

  constructor(private readonly size: number) {}

  get(id: string): Folded<State> | undefined {
    const entry = this.entries.get(id);
    // While there is room for many more, nobody asks which was used longest ago.
    if (entry && this.entries.size > this.size / 2) this.set(id, entry);
    return entry;
  }

  set(id: string, entry: Folded<State>): void {
    // A Map keeps the order of insertion: the first key is the one used longest ago.
    this.entries.delete(id);
    this.entries.set(id, entry);
    if (this.entries.size <= this.size) return;
    const oldest = this.entries.keys().next();
    if (!oldest.done) this.entries.delete(oldest.value);
  }

  drop(id: string): void {
    this.entries.delete(id);
  }
}
