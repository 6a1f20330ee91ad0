import type { CaptureHold, GrantCredits, PlaceHold, VoidHold } from '../ledger/ledger.js';

/** An account's first credits; the same for the same account. */
export const grant = (accountId: string, amountMicros: bigint): GrantCredits => ({
  type: 'GrantCredits',
  grantId: `first-${accountId}`,
  accountId,
  amountMicros,
  reason: 'test',
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
