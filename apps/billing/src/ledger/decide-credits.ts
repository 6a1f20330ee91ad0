import { headOf, nowFor, type Book } from './book.js';
import type { AdjustBalance, ExpireGrant, GrantCredits, TopUpCredits } from './commands.js';
import { accepted, again, refused, repeated, type Decision } from './decision.js';
import {
  expiringLot,
  firstOf,
  liveAt,
  negated,
  noLots,
  paidLot,
  promotionalLot,
  totalOf,
  type Lots,
} from './lots.js';
import { topUpIdOf, transactionId, type Posting } from './transaction.js';

export function grantCredits(command: GrantCredits, book: Book): Decision {
  const { grantId, accountId, amountMicros, expiresAtMs, reason } = command;
  if (amountMicros <= 0n) return refused('amount.not_positive', { amountMicros });
  const earlier = book.grants.get(grantId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.amountMicros === amountMicros;
    return again(same && earlier.expiresAtMs === expiresAtMs, 'grant.mismatch', { grantId });
  }
  const lots =
    expiresAtMs === null
      ? promotionalLot(amountMicros)
      : expiringLot(grantId, expiresAtMs, amountMicros);
  const movement = {
    id: transactionId.grant(grantId),
    accountId,
    postings: [{ from: 'promotions', to: 'available', amountMicros }],
    lots,
    metadata: { reason },
  } as const;
  const grant = { grantId, accountId, amountMicros, expiresAtMs };
  return accepted(movement, { kind: 'grant', grant });
}

export function topUpCredits(command: TopUpCredits, book: Book): Decision {
  const { provider, paymentId, accountId, amountMicros, paid } = command;
  if (amountMicros <= 0n) return refused('amount.not_positive', { amountMicros });
  const topUpId = topUpIdOf(provider, paymentId);
  const earlier = book.topUps.get(topUpId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.amountMicros === amountMicros;
    return again(same, 'topup.mismatch', { provider, paymentId });
  }
  const movement = {
    id: transactionId.topUp(topUpId),
    accountId,
    postings: [{ from: 'payments', to: 'available', amountMicros }],
    lots: paidLot(amountMicros),
    metadata: { provider, paymentId, ...paid },
  } as const;
  return accepted(movement, { kind: 'topup', topUp: { topUpId, accountId, amountMicros } });
}

export function adjustBalance(command: AdjustBalance, book: Book): Decision {
  const { adjustmentId, accountId, amountMicros, credits, reason, note } = command;
  const adjustment = { adjustmentId, accountId, amountMicros, credits, reason };
  if (amountMicros === 0n) return refused('amount.zero', {});
  const earlier = book.adjustments.get(adjustmentId);
  if (earlier) {
    const same = accountId === earlier.accountId && amountMicros === earlier.amountMicros;
    const alike = credits === earlier.credits && reason === earlier.reason;
    return again(same && alike, 'adjustment.mismatch', { adjustmentId });
  }
  const { sequence, lots: all } = headOf(book, accountId);
  if (sequence === 0) return refused('account.unknown', { accountId });
  const collects = reason === 'shortfall_collected';
  if (collects && amountMicros > 0n) return refused('adjustment.wrong_direction', { reason });
  const pool =
    credits === 'paid'
      ? paidLot(all.paidMicros)
      : { ...liveAt(all, nowFor(book, accountId)), paidMicros: 0n };
  const availableMicros = totalOf(pool);
  if (availableMicros + amountMicros < 0n) {
    return refused('credits.insufficient', { priceMicros: -amountMicros, availableMicros });
  }
  const movement = {
    id: transactionId.adjustment(adjustmentId),
    accountId,
    postings: [byHand(amountMicros, collects ? 'losses' : 'adjustments')],
    lots: changeOf(pool, credits, amountMicros),
    metadata: { reason, note },
  };
  return accepted(movement, { kind: 'adjustment', adjustment });
}

/** Given credits never expire; taken ones are those that would have been spent first. */
function changeOf(pool: Lots, credits: AdjustBalance['credits'], amountMicros: bigint): Lots {
  if (amountMicros < 0n) return negated(firstOf(pool, -amountMicros));
  return credits === 'paid' ? paidLot(amountMicros) : promotionalLot(amountMicros);
}

function byHand(amountMicros: bigint, platform: 'losses' | 'adjustments'): Posting {
  return amountMicros < 0n
    ? { from: 'available', to: platform, amountMicros: -amountMicros }
    : { from: platform, to: 'available', amountMicros };
}

export function expireGrant({ grantId }: ExpireGrant, book: Book): Decision {
  const grant = book.grants.get(grantId);
  if (!grant) return refused('grant.unknown', { grantId });
  const { accountId, expiresAtMs } = grant;
  if (expiresAtMs === null || expiresAtMs > nowFor(book, accountId)) {
    return refused('grant.not_expired', { grantId, expiresAtMs });
  }
  const left = headOf(book, accountId).lots.expiring.filter((lot) => lot.grantId === grantId);
  const expiredMicros = totalOf({ ...noLots, expiring: left });
  // Spent, set aside or swept: there is nothing that could expire.
  if (expiredMicros === 0n) return repeated;
  const movement = {
    id: transactionId.grantExpiry(grantId),
    accountId,
    postings: [{ from: 'available', to: 'promotions', amountMicros: expiredMicros }],
    lots: negated({ ...noLots, expiring: left }),
    metadata: {},
  } as const;
  return accepted(movement, { kind: 'grant_expired', grantId, expiredMicros });
}
