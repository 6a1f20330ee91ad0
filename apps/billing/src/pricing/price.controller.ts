import { Controller } from '@nestjs/common';
import { priceItems } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { priceBook } from './price-book.js';
import { priceOf } from './price.js';

/** What things cost, for whoever only wants to know. */
@Controller()
export class PriceController {
  @Answers(priceItems)
  price({ items }: z.output<typeof priceItems.request>): z.input<typeof priceItems.reply> {
    const prices = items.map((item) => {
      const { priceMicros, lines } = priceOf(item);
      const shown = lines.map((line) => ({ ...line, quantity: Number(line.quantity) }));
      return { priceMicros, lines: shown };
    });
    return { priceVersion: priceBook.version, prices };
  }
}
