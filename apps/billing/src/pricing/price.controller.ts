import { Controller, Inject } from '@nestjs/common';
import { priceItems } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { PriceBooks } from './price-books.js';
import { priceToTell } from './price-to-tell.js';

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
