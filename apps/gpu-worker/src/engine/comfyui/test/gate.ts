/** A place where a test holds what runs, until it opens the gate. */
export class Gate {
  #reach: (() => void) | undefined;
  readonly #reached = new Promise<void>((resolve) => (this.#reach = resolve));
  #open: (() => void) | undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));

  /** What runs waits here. */
  passed(): Promise<void> {
    this.#reach?.();
    return this.#opened;
  }

  /** Resolves when something has come to the gate. */
  reached(): Promise<void> {
    return this.#reached;
  }

  open(): void {
    this.#open?.();
  }
}
