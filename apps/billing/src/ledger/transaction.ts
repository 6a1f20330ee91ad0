import type { LedgerAccount } from './chart.js';

/** Credits given to a customer. */
export interface Grant {
  readonly grantId: string;
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
}

/** How a hold was resolved, once and for ever. The two amounts sum to its price. */
export interface Resolution {
  readonly kind: 'captured' | 'voided' | 'expired';
  readonly capturedMicros: bigint;
  readonly refundedMicros: bigint;
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
  metadata: Readonly<Record<string, string | number>>;
}> &
  (
    | Readonly<{ kind: 'grant'; grant: Grant }>
    | Readonly<{ kind: 'hold'; hold: Hold }>
    | Readonly<{ kind: 'settlement'; holdId: string; resolution: Resolution }>
  );

/** One id for each thing that may happen once: that it is unique is what makes it happen once. */
export const transactionId = {
  grant: (grantId: string): string => `grant:${grantId}`,
  hold: (holdId: string): string => `hold:${holdId}`,
  settlement: (holdId: string): string => `settle:${holdId}`,
} as const;

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
}
