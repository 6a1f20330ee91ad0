import type {
  AdjustBalance,
  CaptureHold,
  GrantCredits,
  PlaceHold,
  RefundCharge,
  ReverseTransaction,
  SetBudget,
  TopUpCredits,
  VoidHold,
} from '../ledger/ledger.js';

/** An account's first credits, which never expire; the same for the same account. */
export const grant = (accountId: string, amountMicros: bigint): GrantCredits => ({
  type: 'GrantCredits',
  grantId: `first-${accountId}`,
  accountId,
  amountMicros,
  expiresAtMs: null,
  reason: 'test',
});

/** Credits until some time. */
export const gift = (
  grantId: string,
  accountId: string,
  amountMicros: bigint,
  expiresAtMs: number,
): GrantCredits => ({ ...grant(accountId, amountMicros), grantId, expiresAtMs });

export const topUp = (
  paymentId: string,
  accountId: string,
  amountMicros: bigint,
): TopUpCredits => ({
  type: 'TopUpCredits',
  provider: 'bank',
  paymentId,
  accountId,
  amountMicros,
  paid: { currency: 'USD', minorUnits: 400 },
});

export const refund = (refundId: string, holdId: string, amountMicros: bigint): RefundCharge => ({
  type: 'RefundCharge',
  refundId,
  holdId,
  amountMicros,
  reason: 'poor',
});

export const reversal = (
  reversalId: string,
  transactionId: string,
  amountMicros: bigint,
): ReverseTransaction => ({
  type: 'ReverseTransaction',
  reversalId,
  transactionId,
  amountMicros,
  reason: 'chargeback',
});

export const adjustment = (
  adjustmentId: string,
  accountId: string,
  amountMicros: bigint,
  change: Partial<AdjustBalance> = {},
): AdjustBalance => ({
  type: 'AdjustBalance',
  adjustmentId,
  accountId,
  amountMicros,
  credits: 'promotional',
  reason: 'correction',
  note: 'test',
  ...change,
});

/** A hold of one micro-credit for a minute, unless said otherwise. */
export const hold = (
  holdId: string,
  accountId: string,
  { priceMicros = 1n, lifetimeMs = 60_000 } = {},
): PlaceHold => ({
  type: 'PlaceHold',
  holdId,
  accountId,
  item: 'picture',
  priceMicros,
  priceVersion: 'v1',
  lifetimeMs,
});

/** A budget of the account without limits, unless said otherwise. */
export const setBudget = (
  changeId: string,
  accountId: string,
  change: Partial<SetBudget> = {},
): SetBudget => ({
  type: 'SetBudget',
  ...{ changeId, accountId, keyId: null, dailyMicros: null, monthlyMicros: null },
  ...change,
});

export const capture = (holdId: string, numerator = 1, denominator = 1): CaptureHold => ({
  type: 'CaptureHold',
  holdId,
  numerator,
  denominator,
});

export const voiding = (holdId: string): VoidHold => ({
  type: 'VoidHold',
  holdId,
  reason: 'cancelled',
});
