import { DomainError } from '@safelight/event-sourcing';
import type { PriceBook } from '../price-book.js';
import { itemIn, priceOf } from '../price.js';
import type { ChargedRow } from './charged.sql.js';

/** What an account paid, and what it would have. */
export interface Repriced {
  readonly jobs: number;
  /** Jobs that the new book has no price for; in neither of the amounts. */
  readonly unsold: number;
  readonly beforeMicros: bigint;
  readonly afterMicros: bigint;
}

/**
 * Adds up what jobs would have cost under another book, account by account: the same part of each
 * job at the new price, rounded as a capture is. Prices are worked out once for each item.
 */
export class Repricing {
  private readonly byAccount = new Map<string, Repriced>();
  private readonly prices = new Map<string, bigint | null>();

  constructor(private readonly book: PriceBook) {}

  add({ account_id, item, charged_micros, numerator, denominator }: ChargedRow): void {
    const sum = this.byAccount.get(account_id) ?? NOTHING;
    const price = this.priceOf(item);
    const counted =
      price === null
        ? { unsold: sum.unsold + 1 }
        : {
            beforeMicros: sum.beforeMicros + BigInt(charged_micros),
            afterMicros: sum.afterMicros + partOf(price, numerator, denominator),
          };
    this.byAccount.set(account_id, { ...sum, ...counted, jobs: sum.jobs + 1 });
  }

  get accounts(): ReadonlyMap<string, Repriced> {
    return this.byAccount;
  }

  /** `null` for what the book does not sell, and for items of before their fields were what they are. */
  private priceOf(item: string): bigint | null {
    const known = this.prices.get(item);
    if (known !== undefined) return known;
    const price = priceUnder(this.book, item);
    this.prices.set(item, price);
    return price;
  }
}

const NOTHING: Repriced = { jobs: 0, unsold: 0, beforeMicros: 0n, afterMicros: 0n };

/** As the ledger captures: rounded down. */
const partOf = (priceMicros: bigint, numerator: number | null, denominator: number | null) =>
  numerator === null || denominator === null
    ? priceMicros
    : (priceMicros * BigInt(numerator)) / BigInt(denominator);

function priceUnder(book: PriceBook, text: string): bigint | null {
  const item = itemIn(text);
  if (item === null) return null;
  try {
    return priceOf(item, book).priceMicros;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'operation.unpriced') return null;
    throw error;
  }
}
