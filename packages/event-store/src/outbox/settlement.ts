import type { Cursor } from '../reading/cursor.js';

interface Mark {
  readonly cursor: Cursor;
  readonly sequence: number;
}

const MAX_MARKS = 600;

/**
 * Knows which part of the past every durable has acknowledged. A mark says: no event up to `cursor`
 * has a higher sequence than `sequence`; once all is acknowledged up to there, the cursor is settled.
 */
export class Settlement {
  private marks: Mark[] = [];

  mark(cursor: Cursor, sequence: number): void {
    if (this.marks.at(-1)?.cursor.position === cursor.position) return;
    // When consumers are far behind, any sparse set of marks will do.
    if (this.marks.length >= MAX_MARKS)
      this.marks = this.marks.filter((_, index) => index % 2 === 0);
    this.marks.push({ cursor, sequence });
  }

  /** The newest cursor that is settled now; `undefined` when nothing became settled. */
  settle(settledSequence: number): Cursor | undefined {
    const settled = this.marks.findLast(({ sequence }) => sequence <= settledSequence);
    if (!settled) return undefined;
    this.marks = this.marks.slice(this.marks.indexOf(settled) + 1);
    return settled.cursor;
  }

  clear(): void {
    this.marks = [];
  }
}
