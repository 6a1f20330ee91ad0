import type { BudgetChange, Budgets } from './budgets.js';
import type { LedgerAccount } from './chart.js';
import type { Lots } from './lots.js';

/** Credits given to a customer. */
export interface Grant {
  readonly grantId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  /** Epoch milliseconds on the database's clock; `null` for credits that never expire. */
  readonly expiresAtMs: number | null;
}

/** Credits that a customer bought. */
export interface TopUp {
  /** One of `topUpIdOf`: the payment itself, so that it counts once. */
  readonly topUpId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
}

/** Credits set aside for one job. */
export interface Hold {
  readonly holdId: string;
  readonly accountId: string;
  /** What is paid for, as canonical text: the same hold id with another item is refused. */
  readonly item: string;
  readonly priceMicros: bigint;
  readonly priceVersion: string;
  /** Epoch milliseconds on the database's clock. */
  readonly expiresAtMs: number;
  /** Who asked for it; `null` where nobody's key did. */
  readonly keyId: string | null;
  /** When it was placed, and its place among the account's transactions: budgets count by them. */
  readonly placedAtMs: number;
  readonly sequence: number;
  /** Which credits were set aside; they sum to the price. */
  readonly mix: Lots;
}

/**
 * How a hold was resolved, once and for ever. The two amounts sum to its price. Given credits whose
 * time was over when they came back, expired at that moment: `refundedMicros` includes them.
 */
export interface Resolution {
  readonly kind: 'captured' | 'voided' | 'expired';
  readonly capturedMicros: bigint;
  readonly refundedMicros: bigint;
}

/** Captured credits that were given back; the three parts sum to the amount. */
export interface Refund {
  readonly refundId: string;
  readonly holdId: string;
  readonly amountMicros: bigint;
  readonly paidMicros: bigint;
  readonly promotionalMicros: bigint;
  /** Of promotional credits whose time was over: they expired when they came back. */
  readonly lapsedMicros: bigint;
}

/** A top-up or grant, or a part of one, that was undone. */
export interface Reversal {
  readonly reversalId: string;
  /** Of the transaction that is undone. */
  readonly transactionId: string;
  readonly amountMicros: bigint;
  /** Spent already, so that it could not be taken back; the platform's loss. */
  readonly shortfallMicros: bigint;
}

export const adjustmentReasons = [
  /** Something was booked wrongly. */
  'correction',
  /** A present, or an apology. */
  'goodwill',
  /** Balances brought over from another system. */
  'migration',
  /** What a reversal could not take then is taken now: against `losses`. */
  'shortfall_collected',
] as const;
export type AdjustmentReason = (typeof adjustmentReasons)[number];

/** Credits given or taken by hand. */
export interface Adjustment {
  readonly adjustmentId: string;
  readonly accountId: string;
  /** Below zero when credits are taken. */
  readonly amountMicros: bigint;
  readonly credits: 'paid' | 'promotional';
  readonly reason: AdjustmentReason;
}

/** One movement of an amount (above zero) from one ledger account to another. */
export interface Posting {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
  readonly amountMicros: bigint;
}

/** An atomic set of postings and the one fact that they stand for; never edited. */
export type LedgerTransaction = Readonly<{
  /** Permanent; one of `transactionId`. */
  id: string;
  /** The one customer whose ledger accounts it moves. */
  accountId: string;
  postings: readonly Posting[];
  /** What it adds to each lot of `available`; they sum to what the postings add. */
  lots: Lots;
  metadata: Readonly<Record<string, string | number>>;
}> &
  Fact;

export type Fact =
  | Readonly<{ kind: 'grant'; grant: Grant }>
  | Readonly<{ kind: 'topup'; topUp: TopUp }>
  | Readonly<{ kind: 'hold'; hold: Hold }>
  | Readonly<{ kind: 'settlement'; holdId: string; resolution: Resolution }>
  | Readonly<{ kind: 'refund'; refund: Refund }>
  | Readonly<{ kind: 'reversal'; reversal: Reversal }>
  | Readonly<{ kind: 'budget'; change: BudgetChange }>
  | Readonly<{ kind: 'adjustment'; adjustment: Adjustment }>
  | Readonly<{ kind: 'grant_expired'; grantId: string; expiredMicros: bigint }>;

/** One id for each thing that may happen once: that it is unique is what makes it happen once. */
export const transactionId = {
  grant: (grantId: string): string => `grant:${grantId}`,
  topUp: (topUpId: string): string => `topup:${topUpId}`,
  hold: (holdId: string): string => `hold:${holdId}`,
  settlement: (holdId: string): string => `settle:${holdId}`,
  refund: (refundId: string): string => `refund:${refundId}`,
  reversal: (reversalId: string): string => `reverse:${reversalId}`,
  adjustment: (adjustmentId: string): string => `adjust:${adjustmentId}`,
  budget: (changeId: string): string => `budget:${changeId}`,
  grantExpiry: (grantId: string): string => `expire:${grantId}`,
} as const;

/** A payment tops up once, however often its provider reports it. */
export const topUpIdOf = (provider: string, paymentId: string): string =>
  `${provider}:${paymentId}`;

/** What a transaction adds to a ledger account; all of them sum to zero. */
export function changeIn({ postings }: LedgerTransaction, ledgerAccount: LedgerAccount): bigint {
  return postings.reduce((sum, { from, to, amountMicros }) => {
    if (from === ledgerAccount) return sum - amountMicros;
    return to === ledgerAccount ? sum + amountMicros : sum;
  }, 0n);
}

/** A transaction in its place among those of its account. */
export interface Placed {
  readonly transaction: LedgerTransaction;
  /** Place among the account's transactions, from 1. */
  readonly sequence: number;
  /** What the customer has after it. */
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
  /** What is available, by lot. */
  readonly lots: Lots;
  /** The account's budgets after it. */
  readonly budgets: Budgets;
  /** On the database's clock, epoch milliseconds; never before the one before it. */
  readonly recordedAtMs: number;
}
