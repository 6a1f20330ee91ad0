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
  /** Permanent: `grant:<grant id>`, `hold:<hold id>`, `settle:<hold id>`. */
  id: string;
  accountId: string;
  postings: readonly Posting[];
  metadata: Readonly<Record<string, string | number>>;
}> &
  (
    | Readonly<{ kind: 'grant'; grant: Grant }>
    | Readonly<{ kind: 'hold'; hold: Hold }>
    | Readonly<{ kind: 'settlement'; holdId: string; resolution: Resolution }>
  );

/** One side of a posting, as it is written down. A transaction's amounts sum to zero. */
export interface Entry {
  readonly transactionId: string;
  /** Place within the transaction, from 0: even lines give, odd lines receive. */
  readonly line: number;
  readonly ledgerAccount: LedgerAccount;
  /** Below zero where value leaves. */
  readonly amountMicros: bigint;
  /** Place within a customer's ledger account, from 1; the platform's accounts have none. */
  readonly sequence: number | null;
  readonly balanceAfterMicros: bigint | null;
}
