import { Controller, Inject } from '@nestjs/common';
import { captureHold, placeHold, voidHold, type Settlement } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import type { Resolution } from '../ledger/transaction.js';
import { Ledger } from '../ledger/ledger.writer.js';
import { linesToKeep } from '../pricing/lines.js';
import { PriceBooks } from '../pricing/price-books.js';
import { AutoTopUps } from '../payments/auto-top-up.js';
import { canonicalItem, priceOf } from '../pricing/price.js';

/** Holds: set aside a job's price, take what was earned, give back the rest. */
@Controller()
export class HoldController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(PriceBooks) private readonly books: PriceBooks,
    @Inject(AutoTopUps) private readonly autoTopUps: AutoTopUps,
  ) {}

  @Answers(placeHold)
  async place(
    request: z.output<typeof placeHold.request>,
  ): Promise<z.input<typeof placeHold.reply>> {
    const { holdId, accountId, keyId, spendsAs, item, lifetimeMs, quotedMicros } = request;
    const { priceMicros, priceVersion, lines } = priceOf(item, await this.books.inForce());
    const { hold, balance } = await this.ledger.execute({
      type: 'PlaceHold',
      ...{ holdId, accountId, lifetimeMs, priceMicros, priceVersion, quotedMicros },
      ...{ keyId: spendsAs ?? keyId, askedWith: keyId },
      item: canonicalItem(item),
      lines: linesToKeep(lines),
    });
    this.autoTopUps.consider(accountId, balance.availableMicros);
    return {
      priceMicros: hold.priceMicros,
      priceVersion: hold.priceVersion,
      expiresAt: new Date(hold.expiresAtMs).toISOString(),
      balance,
    };
  }

  @Answers(captureHold)
  async capture(request: z.output<typeof captureHold.request>): Promise<Settlement> {
    return settlementOf(await this.ledger.execute({ type: 'CaptureHold', ...request }));
  }

  @Answers(voidHold)
  async void(request: z.output<typeof voidHold.request>): Promise<Settlement> {
    return settlementOf(await this.ledger.execute({ type: 'VoidHold', ...request }));
  }
}

const settlementOf = ({ kind, capturedMicros, refundedMicros }: Resolution): Settlement => ({
  kind,
  capturedMicros,
  refundedMicros,
});
