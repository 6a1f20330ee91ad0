import { z } from 'zod';
import { spendsAs } from './budgets.js';
import { qualityHint, resolutionHint } from './job-spec.js';
import { operation } from './operation.js';
import { accountId, instant, jobId, jobOperation, keyId, lane, micros } from './scalars.js';

/** What a price is asked for: everything that the price book looks at. */
export const pricedItem = z.object({
  operation: jobOperation,
  model: z.string(),
  width: z.int(),
  height: z.int(),
  steps: z.int(),
  images: z.int().min(1),
  lane,
  /** Of a video; every started second is charged. */
  seconds: z.number().positive().optional(),
  /** Hints of the request; a rule of the price book may be for one of them alone. */
  quality: qualityHint.optional(),
  resolution: resolutionHint.optional(),
  /** The customer wants to read what the check of the outputs found. */
  detection: z.literal(true).optional(),
  /** The account's, as the gateway knows it. */
  plan: z.string().optional(),
});
export type PricedItem = z.infer<typeof pricedItem>;

/** The account's, which a price may depend on. */
export const plan = z.string().nullable().default(null);

export const balance = z.object({ availableMicros: micros, heldMicros: micros });
export type Balance = z.infer<typeof balance>;

/** A line of a price; `amountMicros` is below zero for a discount. */
export const priceLine = z.object({
  /** Which part of the price book says so: the id of a rule, or `steps`, `lane:batch`, `plan:pro`. */
  rule: z.string(),
  what: z.string(),
  quantity: z.int(),
  unitMicros: micros,
  amountMicros: micros,
});
export type PriceLine = z.infer<typeof priceLine>;

/** What each of the items would cost now, line by line, or `null` where it is not sold; sets nothing aside. */
export const priceItems = operation(
  'billing.price',
  z.object({ items: z.array(pricedItem).max(1_000) }),
  z.object({
    priceVersion: z.string(),
    prices: z.array(z.object({ priceMicros: micros, lines: z.array(priceLine) }).nullable()),
  }),
);

/**
 * Prices the item and sets the price aside; the hold's id is the job's id, so asking twice holds
 * once. The hold lapses `lifetimeMs` after the database's clock said it was placed.
 * Refusals: `credits.insufficient {priceMicros, availableMicros}`, `account.unknown`,
 * `budget.exceeded {keyId, period, limitMicros, spentMicros, priceMicros, resetsAt}`,
 * `price.changed {priceMicros, quotedMicros}` (it is not `quotedMicros`), `hold.resolved` (this id was already captured, voided or has lapsed).
 */
export const placeHold = operation(
  'billing.place-hold',
  z.object({
    holdId: jobId,
    accountId,
    /** Whose budget it counts in, beside the account's; the asking key's own if it says nothing. */
    spendsAs,
    item: pricedItem,
    lifetimeMs: z.int().positive(),
    /** What the customer was told that it costs. */
    quotedMicros: micros.nullable().default(null),
    /** That asked for it; kept with the hold. */
    keyId: keyId.nullable().default(null),
  }),
  z.object({ priceMicros: micros, priceVersion: z.string(), expiresAt: instant, balance }),
);

/**
 * The amounts sum to the price. `refundedMicros` may include promotional credits whose time was over
 * when they came back, and which expired at that moment.
 */
export const settlement = z.object({
  kind: z.enum(['captured', 'voided', 'expired']),
  capturedMicros: micros,
  refundedMicros: micros,
});
export type Settlement = z.infer<typeof settlement>;

/**
 * Takes all or part of a hold; the rest goes back in the same ledger transaction. Asking again, or
 * after a void or expiry, answers with how the hold was first resolved and changes nothing.
 * `numerator/denominator` is the part earned: 3 of 4 images.
 * Refusals: `hold.unknown`.
 */
export const captureHold = operation(
  'billing.capture-hold',
  z.object({ holdId: jobId, numerator: z.int().min(0), denominator: z.int().min(1) }),
  settlement,
);

/** Gives a hold back whole. Same rules as capture; `reason` is kept with the transaction. */
export const voidHold = operation(
  'billing.void-hold',
  z.object({ holdId: jobId, reason: z.string() }),
  settlement,
);

/**
 * What a hold was for and what became of it, as the ledger has it: the price line by line, under
 * which version of the price book, and how it was resolved.
 * Refusal: `hold.unknown`, also for a hold of another account.
 */
export const explainCharge = operation(
  'billing.explain-charge',
  z.object({ accountId, holdId: jobId }),
  z.object({
    /** `null` for a hold of before items had the fields that they have. */
    item: pricedItem.nullable(),
    priceMicros: micros,
    priceVersion: z.string(),
    /** Empty for a hold of before lines were kept. */
    lines: z.array(priceLine),
    /** `sequence`: the entry's place among those of the account, as `readLedger` numbers them. */
    hold: z.object({ transactionId: z.string(), sequence: z.int(), at: instant }),
    resolution: settlement
      .extend({
        transactionId: z.string(),
        sequence: z.int(),
        at: instant,
        /** The part that was earned, where it was captured: 3 of 4 images. */
        earned: z.object({ numerator: z.int(), denominator: z.int() }).nullable(),
        /** Why it was given back. */
        reason: z.string().nullable(),
      })
      .nullable(),
  }),
);

/** What an entry of the ledger is about; a reversal, about what it undoes. */
export const ledgerSubject = z.object({
  type: z.enum(['job', 'top_up', 'grant', 'refund', 'adjustment', 'budget']),
  id: z.string(),
});
export type LedgerSubject = z.infer<typeof ledgerSubject>;

/** What happened to a customer's credits, and what was there afterwards. */
export const ledgerEntry = z.object({
  /** Place among the account's entries, from 1. */
  sequence: z.int(),
  kind: z.enum([
    'grant',
    'topup',
    'hold',
    'captured',
    'voided',
    'expired',
    'refund',
    'reversal',
    'adjustment',
    'grant_expired',
    'budget',
  ]),
  /** What it is about; a reversal, about what it undoes. */
  subject: ledgerSubject,
  /** Of what concerns a job, a refund too. */
  jobId: z.string().nullable(),
  availableMicros: micros,
  heldMicros: micros,
  balance,
  reason: z.string().nullable(),
  recordedAt: instant,
});
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** A balance, and what the available part of it is made of. */
export const composedBalance = balance.extend({
  paidMicros: micros,
  promotionalMicros: micros,
  /** Of the promotional credits, those that expire next. */
  nextExpiry: z.object({ at: instant, micros }).nullable(),
});
export type ComposedBalance = z.infer<typeof composedBalance>;

/**
 * An account's entries, the newest first, as the ledger stood at `asOf` (now, when that is `null`);
 * `balance` is the one of that time. Empty for an account that never had any.
 */
export const readLedger = operation(
  'billing.read-ledger',
  z.object({
    accountId,
    limit: z.int().min(1).max(100),
    /** Sequence of the last entry seen. */
    before: z.int().positive().nullable(),
    asOf: instant.nullable(),
  }),
  z.object({ entries: z.array(ledgerEntry), next: z.int().nullable(), balance: composedBalance }),
);

/** Refusal: `account.unknown`. */
export const getBalance = operation(
  'billing.get-balance',
  z.object({ accountId }),
  composedBalance,
);
