import { Controller, Inject } from '@nestjs/common';
import { priceItems } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { linesToTell } from './lines.js';
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
    const prices = items.map((item) => {
      const { priceMicros, lines } = priceOf(item, book);
      return { priceMicros, lines: linesToTell(lines) };
    });
    return { priceVersion: book.version, prices };
  }
}
