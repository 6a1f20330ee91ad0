import type { PriceBook } from './price-book.js';
import type { KnownBooks } from './price-books.sql.js';

/** After this share of the lead the books are read again: the rest is for clocks and slow commits. */
const FRESH_SHARE = 0.5;

interface Heard extends KnownBooks {
  /** On the clock of this process: the books are at least as new as this. */
  readonly askedAtMs: number;
  readonly heardAtMs: number;
}

/**
 * The price book in force at this moment, on the database's clock, in any number of processes and
 * without being told of changes: a book is published at least a lead (a minute) before it is in
 * force, so whoever read all books less than that ago knows every one that can matter. That costs
 * one small query per process and half a lead, and only while somebody asks.
 */
export class PriceBooks {
  private known: Heard | undefined;
  private reading: Promise<void> | undefined;

  /** @param now - a clock of this process that is never set back, in milliseconds */
  constructor(
    private readonly read: () => Promise<KnownBooks>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws the database's error where it must be asked and does not answer */
  async inForce(): Promise<PriceBook> {
    if (!this.isFresh()) await (this.reading ??= this.readAgain());
    const { known } = this;
    if (known === undefined) throw new Error('the price books were not read');
    // Never ahead of the database's clock: that was read before the answer was heard.
    const databaseMs = known.databaseMs + (this.now() - known.heardAtMs);
    const book = known.books.findLast(({ effectiveFromMs }) => effectiveFromMs <= databaseMs);
    if (book === undefined) throw new Error('no price book is in force');
    return book;
  }

  private isFresh(): boolean {
    if (this.known === undefined) return false;
    return this.now() - this.known.askedAtMs < this.known.leadMs * FRESH_SHARE;
  }

  private async readAgain(): Promise<void> {
    const askedAtMs = this.now();
    try {
      const answer = await this.read();
      this.known = { ...answer, askedAtMs, heardAtMs: this.now() };
    } finally {
      this.reading = undefined;
    }
  }
}
