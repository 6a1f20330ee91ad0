import { Controller, Inject } from '@nestjs/common';
import { explainCharge } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { linesKept } from '../pricing/lines.js';
import { itemIn } from '../pricing/price.js';
import { readCharge, type ChargeRow } from './charge.sql.js';

type Explained = z.input<typeof explainCharge.reply>;

/** What a hold was for, line by line, and what became of it. */
@Controller()
export class ChargeController {
  constructor(@Inject(CustomerReads) private readonly reads: CustomerReads) {}

  @Answers(explainCharge)
  async explain({ accountId, holdId }: z.output<typeof explainCharge.request>): Promise<Explained> {
    const row = await readCharge(this.reads, accountId, holdId);
    if (row === undefined) throw new DomainError('hold.unknown', { holdId });
    return {
      item: itemIn(row.item),
      priceMicros: row.price_micros,
      priceVersion: row.price_version,
      lines: linesKept(row.lines),
      hold: {
        transactionId: row.hold_id,
        sequence: Number(row.hold_sequence),
        at: row.held_at.toISOString(),
      },
      resolution: resolutionOf(row),
    };
  }
}

function resolutionOf(row: ChargeRow): Explained['resolution'] {
  const { end_id: transactionId, end_kind: kind, ended_at: at, numerator, denominator } = row;
  if (transactionId === null || kind === null || at === null) return null;
  const earned = numerator === null || denominator === null ? null : { numerator, denominator };
  return {
    ...{ transactionId, kind, earned, reason: row.reason },
    sequence: Number(row.end_sequence),
    at: at.toISOString(),
    capturedMicros: row.captured_micros ?? 0n,
    refundedMicros: row.refunded_micros ?? 0n,
  };
}
