import { Controller, Inject } from '@nestjs/common';
import { priceItems, type PricedItem } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { linesToTell } from './lines.js';
import type { PriceBook } from './price-book.js';
import { PriceBooks } from './price-books.js';
import { priceOf } from './price.js';

/** What things cost, for whoever only wants to know. */
@Controller()
export class PriceController {
  constructor(@Inject(PriceBooks) private readonly books: PriceBooks) {}

  @Answers(priceItems)
  async price({
    items,
  }: z.output<typeof priceItems.request>): Promise<z.input<typeof priceItems.reply>> {
    const book = await this.books.inForce();
    return { priceVersion: book.version, prices: items.map((item) => priceToTell(item, book)) };
  }
}

/** One item that is not sold must not hide the prices of the others. */
function priceToTell(item: PricedItem, book: PriceBook) {
  try {
    const { priceMicros, lines } = priceOf(item, book);
    return { priceMicros, lines: linesToTell(lines) };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'operation.unpriced') return null;
    throw error;
  }
}
