import { z } from 'zod';
import { ledgerSubject, priceLine, pricedItem } from './billing.js';
import { operation } from './operation.js';
import { accountId, instant, micros } from './scalars.js';

/** A calendar month in UTC: `2026-11`. */
export const statementMonth = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month like 2026-11');

/** What a customer owns at a place of the ledger: available and held together. */
export const statementBalance = z.object({
  /** Of the last entry before; 0 where there is none. */
  sequence: z.int(),
  availableMicros: micros,
  heldMicros: micros,
  /** Bought credits, available and held; the others were given. */
  paidMicros: micros,
});
export type StatementBalance = z.infer<typeof statementBalance>;

export const statementHead = z.object({
  from: instant,
  /** Exclusive. */
  to: instant,
  /** `null`: the month is over and nothing can be added to it. Else how far this statement reaches. */
  asOf: instant.nullable(),
  opening: statementBalance,
  closing: statementBalance,
  /** All top-ups until the closing balance: what was paid for them, in cents of a US dollar. */
  bought: z.object({ creditsMicros: micros, cents: micros }),
});
export type StatementHead = z.infer<typeof statementHead>;

/**
 * The two ends of a month, on the database's clock.
 * Refusal: `statement.future {month}`, for a month that has not begun.
 */
export const openStatement = operation(
  'billing.open-statement',
  z.object({ accountId, month: statementMonth }),
  statementHead,
);

/** One movement of what a customer owns. Holds and what they give back move nothing. */
export const statementLine = z.object({
  /** Of the ledger entry; two lines may have the same one. */
  sequence: z.int(),
  type: z.enum(['top_up', 'grant', 'charge', 'refund', 'reversal', 'adjustment', 'expiry']),
  subject: ledgerSubject,
  jobId: z.string().nullable(),
  at: instant,
  amountMicros: micros,
  /** Of it, bought credits; the rest were given. */
  paidMicros: micros,
  reason: z.string().nullable(),
  /** Of what concerns a job: what was made, and for which price. */
  charge: z
    .object({
      item: pricedItem.nullable(),
      priceVersion: z.string(),
      lines: z.array(priceLine),
      keyId: z.string().nullable(),
      earned: z.object({ numerator: z.int(), denominator: z.int() }).nullable(),
    })
    .nullable(),
  /** Money that came (or went back, below zero) with it, in cents of a US dollar. */
  cents: micros.nullable(),
  /** When that happened which it gives back or undoes. */
  originAt: instant.nullable(),
});
export type StatementLine = z.infer<typeof statementLine>;

/** The movements of the places above `after`, up to `until`; `next` is the `after` of the next page. */
export const readStatement = operation(
  'billing.read-statement',
  z.object({
    accountId,
    after: z.int().min(0),
    until: z.int().min(0),
    limit: z.int().min(1).max(250),
  }),
  z.object({ lines: z.array(statementLine), next: z.int().nullable() }),
);
