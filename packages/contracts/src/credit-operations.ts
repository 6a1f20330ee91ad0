import { z } from 'zod';
import { balance } from './billing.js';
import { operation } from './operation.js';
import { accountId, instant, jobId, micros } from './scalars.js';

/**
 * Promotional credits; `grantId` is permanent, so asking twice grants once. They are spent before
 * bought ones, those that expire first of all; what is left of them at `expiresAt` is taken back.
 * Refusals: `amount.not_positive`, `grant.mismatch` (this id granted something else).
 */
export const grantCredits = operation(
  'billing.grant-credits',
  z.object({
    grantId: z.string().min(1),
    accountId,
    amountMicros: micros,
    expiresAt: instant.nullable().default(null),
    reason: z.string(),
  }),
  balance,
);

/**
 * Bought credits, for a payment that its provider reports as complete. The payment is its own
 * permanent id: reported twice, it counts once.
 * Refusals: `amount.not_positive`, `topup.mismatch` (this payment bought something else).
 */
export const topUpCredits = operation(
  'billing.top-up-credits',
  z.object({
    provider: z.string().regex(/^[a-z]+$/, 'lower-case letters'),
    paymentId: z.string().min(1),
    accountId,
    amountMicros: micros,
    /** What was paid, in the smallest unit of an ISO 4217 currency. */
    paid: z.object({
      currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code'),
      minorUnits: z.int().min(0),
    }),
  }),
  balance,
);

export const chargeRefund = z.object({
  refundId: z.string(),
  holdId: z.string(),
  /** The sum of the other three. */
  amountMicros: micros,
  paidMicros: micros,
  promotionalMicros: micros,
  /** Of promotional credits whose time was over: they expired as they came back. */
  lapsedMicros: micros,
});
export type ChargeRefund = z.infer<typeof chargeRefund>;

/**
 * Gives back captured credits, in the mix of bought and given ones that was captured. Any number of
 * refunds, together no more than the capture; `refundId` is permanent.
 * Refusals: `amount.not_positive`, `hold.unknown`, `hold.not_captured`,
 * `refund.exceeds_capture {capturedMicros, refundedMicros}`, `refund.mismatch`.
 */
export const refundCharge = operation(
  'billing.refund-charge',
  z.object({
    refundId: z.string().min(1),
    holdId: jobId,
    amountMicros: micros,
    reason: z.string(),
  }),
  chargeRefund,
);

/** What may be undone: a grant by its id, or a top-up by its payment. */
export const reversible = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('grant'), grantId: z.string().min(1) }),
  z.object({ kind: z.literal('top_up'), provider: z.string(), paymentId: z.string().min(1) }),
]);

export const ledgerReversal = z.object({
  reversalId: z.string(),
  amountMicros: micros,
  /** Of it, what had been spent and could not be taken back. */
  shortfallMicros: micros,
});
export type LedgerReversal = z.infer<typeof ledgerReversal>;

/**
 * Undoes a top-up or grant or a part of it, as far as its credits are still there; no balance goes
 * below zero for it. `reversalId` is permanent.
 * Refusals: `amount.not_positive`, `transaction.unknown`, `grant.expired`,
 * `reversal.exceeds_transaction {wholeMicros, reversedMicros}`, `reversal.mismatch`.
 */
export const reverseCredits = operation(
  'billing.reverse-credits',
  z.object({
    reversalId: z.string().min(1),
    what: reversible,
    amountMicros: micros,
    reason: z.enum(['chargeback', 'refunded_payment', 'mistake']),
  }),
  ledgerReversal,
);

/**
 * Gives credits by hand, or takes them (below zero), for a named reason. `shortfall_collected` takes
 * what a reversal could not. `adjustmentId` is permanent.
 * Refusals: `amount.zero`, `account.unknown`, `credits.insufficient {priceMicros, availableMicros}`,
 * `adjustment.wrong_direction`, `adjustment.mismatch`.
 */
export const adjustBalance = operation(
  'billing.adjust-balance',
  z.object({
    adjustmentId: z.string().min(1),
    accountId,
    amountMicros: micros,
    credits: z.enum(['paid', 'promotional']),
    reason: z.enum(['correction', 'goodwill', 'migration', 'shortfall_collected']),
    note: z.string(),
  }),
  z.object({ adjustmentId: z.string(), amountMicros: micros }),
);
