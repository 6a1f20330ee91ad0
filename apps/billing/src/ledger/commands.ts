import type { LedgerBalance } from './book.js';
import type { Budget, BudgetChange } from './budgets.js';
import type {
  Adjustment,
  AdjustmentReason,
  Hold,
  Refund,
  Resolution,
  Reversal,
} from './transaction.js';

/** What the ledger may be asked. Every id is permanent: asking twice does it once. */
export type LedgerCommand =
  | GrantCredits
  | TopUpCredits
  | PlaceHold
  | CaptureHold
  | VoidHold
  | ExpireHold
  | RefundCharge
  | ReverseTransaction
  | AdjustBalance
  | ExpireGrant
  | SetBudget;

export interface GrantCredits {
  readonly type: 'GrantCredits';
  readonly grantId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  /**
   * Epoch milliseconds on the database's clock; `null` for never. May be over already: such a grant
   * can only expire. Part of what the id stands for, so a retry must say the same.
   */
  readonly expiresAtMs: number | null;
  readonly reason: string;
}
/** The provider's payment is its own permanent id: however often it is reported, it counts once. */
export interface TopUpCredits {
  readonly type: 'TopUpCredits';
  /** Lower-case letters, as in `stripe`. */
  readonly provider: string;
  readonly paymentId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  /** What the customer paid: kept with the transaction, and not interpreted. */
  readonly paid: { readonly currency: string; readonly minorUnits: number };
}
export interface PlaceHold {
  readonly type: 'PlaceHold';
  readonly holdId: string;
  readonly accountId: string;
  /** Whose budget it counts in, beside the account's; none where nobody's key asked for it. */
  readonly keyId?: string | null;
  /** What is paid for, as canonical text. */
  readonly item: string;
  readonly priceMicros: bigint;
  readonly priceVersion: string;
  /** What the customer was told that it costs: it costs that or is refused. */
  readonly quotedMicros?: bigint | null;
  /** What the price is made of, as text; kept with the hold. */
  readonly lines?: string;
  /** The key that asked for it, where another one's budget counts; kept with the hold. */
  readonly askedWith?: string | null;
  readonly lifetimeMs: number;
}
/** Takes `numerator / denominator` of the price; the rest goes back. */
export interface CaptureHold {
  readonly type: 'CaptureHold';
  readonly holdId: string;
  readonly numerator: number;
  readonly denominator: number;
}
export interface VoidHold {
  readonly type: 'VoidHold';
  readonly holdId: string;
  readonly reason: string;
}
/** Gives back a hold whose time is over. */
export interface ExpireHold {
  readonly type: 'ExpireHold';
  readonly holdId: string;
}
/** Gives back a part of what was captured, in the mix of credits that it was captured in. */
export interface RefundCharge {
  readonly type: 'RefundCharge';
  readonly refundId: string;
  /** Of the hold that was captured. */
  readonly holdId: string;
  readonly amountMicros: bigint;
  readonly reason: string;
}
/** Undoes a top-up or a grant, or a part of it, as far as its credits are still there. */
export interface ReverseTransaction {
  readonly type: 'ReverseTransaction';
  readonly reversalId: string;
  /** One of `transactionId.grant` and `transactionId.topUp`. */
  readonly transactionId: string;
  readonly amountMicros: bigint;
  readonly reason: 'chargeback' | 'refunded_payment' | 'mistake';
}
/** Gives credits by hand, or takes them when the amount is below zero. */
export interface AdjustBalance {
  readonly type: 'AdjustBalance';
  readonly adjustmentId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  readonly credits: 'paid' | 'promotional';
  readonly reason: AdjustmentReason;
  /** For whoever reads it later. */
  readonly note: string;
}
/** Takes back what is left of a grant whose time is over. */
export interface ExpireGrant {
  readonly type: 'ExpireGrant';
  readonly grantId: string;
}

/** Limits what one key, or the account as a whole, may spend from now on. */
export interface SetBudget extends BudgetChange {
  readonly type: 'SetBudget';
  /** The key that asked; kept with the transaction, and not interpreted. */
  readonly by?: string;
}

/** What a command that was not refused is answered with. */
export interface Answers {
  GrantCredits: LedgerBalance;
  TopUpCredits: LedgerBalance;
  PlaceHold: Readonly<{ hold: Hold; balance: LedgerBalance }>;
  CaptureHold: Resolution;
  VoidHold: Resolution;
  ExpireHold: Resolution;
  RefundCharge: Refund;
  ReverseTransaction: Reversal;
  AdjustBalance: Adjustment;
  ExpireGrant: Readonly<{ expiredMicros: bigint }>;
  SetBudget: Readonly<{ budget: Budget | null; nowMs: number }>;
}
export type Answer = Answers[LedgerCommand['type']];
