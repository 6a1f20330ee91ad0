import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, instant, micros, topUpId } from './scalars.js';

/** What one credit costs where nothing is taken off, in cents of a US dollar. */
const CENTS_PER_CREDIT = 4;
/** By how many credits are bought at once; the first that fits counts. */
const discounts = [{ fromCredits: 3_000, percentOff: 10 }] as const;
const creditsIn = { small: 250, medium: 1_000, large: 3_000, extra_large: 10_000 } as const;

export const packageNames = ['small', 'medium', 'large', 'extra_large'] as const;
export const packageName = z.enum(packageNames, `must be one of ${packageNames.join(', ')}`);
export type PackageName = z.infer<typeof packageName>;

export interface TopUpPackage {
  readonly name: PackageName;
  readonly creditsMicros: bigint;
  /** Cents of a US dollar. */
  readonly amountCents: number;
}

/** What can be bought. */
export function topUpPackage(name: PackageName): TopUpPackage {
  const credits = creditsIn[name];
  const percentOff = discounts.find(({ fromCredits }) => credits >= fromCredits)?.percentOff ?? 0;
  return {
    name,
    creditsMicros: BigInt(credits) * 1_000_000n,
    amountCents: (credits * CENTS_PER_CREDIT * (100 - percentOff)) / 100,
  };
}

/** Cents as the API shows US dollars: `"108.00"`. */
export const formatCents = (cents: number): string => (cents / 100).toFixed(2);

export const topUpStatus = z.enum(['pending', 'paid', 'failed', 'refunded', 'disputed']);
export type TopUpStatus = z.infer<typeof topUpStatus>;

/** A purchase of credits, as everything that was heard of its payment adds up to. */
export const topUpView = z.object({
  id: topUpId,
  package: packageName,
  creditsMicros: micros,
  amountCents: z.int(),
  origin: z.enum(['checkout', 'automatic']),
  status: topUpStatus,
  /** Why it failed; else `null`. */
  reason: z.string().nullable(),
  /** Given back or in dispute, in cents. */
  refundedCents: z.int(),
  disputedCents: z.int(),
  /** Where it is paid, while that can still be done. */
  checkoutUrl: z.string().nullable(),
  createdAt: instant,
  paidAt: instant.nullable(),
});
export type TopUpView = z.infer<typeof topUpView>;

/** Longer than the payment provider is waited for. */
const WITH_PROVIDER_MS = 25_000;

/**
 * Starts a purchase: nothing is charged and no credits are given before the payment provider says
 * that it was paid. Asking twice under one id starts one.
 * Refusals: `payments.none` (nothing is for sale in this deployment), `payments.unreachable`.
 */
export const startTopUp = operation(
  'billing.start-top-up',
  z.object({
    topUpId,
    accountId,
    package: packageName,
    /** Keep the means of payment, for automatic top-ups later. */
    saveMethod: z.boolean(),
    /** Where the provider sends the customer afterwards. */
    returnUrl: z.string(),
    /** Where clients reach this deployment. */
    publicUrl: z.string(),
  }),
  topUpView,
  WITH_PROVIDER_MS,
);

/** Refusal: `top_up.not_found`. */
export const readTopUp = operation(
  'billing.read-top-up',
  z.object({ accountId, topUpId }),
  topUpView,
);

/** Newest first. */
export const listTopUps = operation(
  'billing.list-top-ups',
  z.object({ accountId, limit: z.int().min(1).max(100), before: topUpId.nullable() }),
  z.object({ topUps: z.array(topUpView), next: topUpId.nullable() }),
);

/** A webhook of the payment provider has at most this many bytes. */
export const PAYMENT_EVENT_MAX_BYTES = 262_144;

/**
 * What a payment provider posted, byte for byte. Answered once it is committed: the ledger follows,
 * if not at once then by a sweep. Refusals: `payments.none`, `payments.signature`,
 * `payments.unreadable {faults}`.
 */
export const receivePaymentEvent = operation(
  'billing.receive-payment-event',
  z.object({
    /** In base64. */
    body: z.base64().max(Math.ceil(PAYMENT_EVENT_MAX_BYTES / 3) * 4),
    signature: z.string().max(2_048),
  }),
  z.object({ outcome: z.enum(['recorded', 'repeated', 'ignored']) }),
  10_000,
);

export const developmentOutcome = z.enum(
  ['paid', 'failed', 'expired', 'refunded', 'disputed', 'dispute_won', 'dispute_lost'],
  'must be one of paid, failed, expired, refunded, disputed, dispute_won, dispute_lost',
);
export type DevelopmentOutcome = z.infer<typeof developmentOutcome>;

/**
 * Plays the payment provider where no money moves. Refusals: `payments.not_development`,
 * `top_up.not_found` (also when the token is not the one of the checkout).
 */
export const playPayment = operation(
  'billing.play-payment',
  z.object({ topUpId: z.string(), token: z.string(), outcome: developmentOutcome }),
  z.object({ status: topUpStatus }),
);

/** What an account has paid so far, less what was given back or is disputed, in cents. */
export const readLifetimePaid = operation(
  'billing.lifetime-paid',
  z.object({ accountId }),
  z.object({ lifetimePaidCents: z.int() }),
);

/** Credits bought without asking whenever few are left. */
export const autoTopUp = z.object({
  enabled: z.boolean(),
  package: packageName,
  thresholdMicros: micros,
  /** At most so many credits are bought so in a calendar month, in UTC. */
  monthlyCapMicros: micros,
  /** Why it was switched off, if it was not the customer who did. */
  disabledReason: z.string().nullable(),
  /** The one that is being paid now. */
  inFlight: topUpId.nullable(),
});
export type AutoTopUp = z.infer<typeof autoTopUp>;

export const readAutoTopUp = operation(
  'billing.read-auto-top-up',
  z.object({ accountId }),
  z.object({ setting: autoTopUp.nullable() }),
);

/** Refusals: `payments.none`, `payments.no_method` (no saved means of payment). */
export const setAutoTopUp = operation(
  'billing.set-auto-top-up',
  z.object({
    accountId,
    enabled: z.boolean(),
    package: packageName,
    thresholdMicros: micros,
    monthlyCapMicros: micros,
  }),
  z.object({ setting: autoTopUp }),
);
