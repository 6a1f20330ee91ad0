import type { PricedItem } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { linesToTell } from './lines.js';
import type { PriceBook } from './price-book.js';
import { priceOf } from './price.js';

/** What an item costs; `null` where it is not sold: that must not hide the prices of others. */
export function priceToTell(item: PricedItem, book: PriceBook) {
  try {
    const { priceMicros, lines } = priceOf(item, book);
    return { priceMicros, lines: linesToTell(lines) };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'operation.unpriced') return null;
    throw error;
  }
}
