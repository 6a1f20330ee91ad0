import { headOf, nowFor, type Book } from './book.js';
import type { RefundCharge, ReverseTransaction } from './commands.js';
import { accepted, again, refused, type Decision } from './decision.js';
import {
  expiringLot,
  firstOf,
  liveAt,
  negated,
  paidLot,
  promotionalLot,
  shareOf,
  totalOf,
  without,
  type Lots,
} from './lots.js';
import { transactionId, type Grant, type Hold, type Refund, type TopUp } from './transaction.js';

export function refundCharge(command: RefundCharge, book: Book): Decision {
  const { refundId, holdId, amountMicros, reason } = command;
  if (amountMicros <= 0n) return refused('amount.not_positive', { amountMicros });
  const earlier = book.refunds.get(refundId);
  if (earlier) {
    const same = earlier.holdId === holdId && earlier.amountMicros === amountMicros;
    return again(same, 'refund.mismatch', { refundId });
  }
  const hold = book.holds.get(holdId);
  if (!hold) return refused('hold.unknown', { holdId });
  const capturedMicros = book.resolutions.get(holdId)?.capturedMicros ?? 0n;
  if (capturedMicros === 0n) return refused('hold.not_captured', { holdId });
  const before = book.undone.get(transactionId.settlement(holdId)) ?? [];
  const refundedMicros = before.reduce((sum, part) => sum + part, 0n);
  if (refundedMicros + amountMicros > capturedMicros) {
    return refused('refund.exceeds_capture', { capturedMicros, refundedMicros });
  }
  const mix = shareOf(leftOf(firstOf(hold.mix, capturedMicros), before), amountMicros);
  return refund({ refundId, hold, amountMicros, reason, mix }, nowFor(book, hold.accountId));
}

/** What was not refunded yet of a mix: each refund took its share of what was left then. */
const leftOf = (captured: Lots, refunds: readonly bigint[]): Lots =>
  refunds.reduce((left, amountMicros) => without(left, shareOf(left, amountMicros)), captured);

interface Refunding {
  readonly refundId: string;
  readonly hold: Hold;
  readonly amountMicros: bigint;
  readonly reason: string;
  readonly mix: Lots;
}

function refund({ refundId, hold, amountMicros, reason, mix }: Refunding, nowMs: number): Decision {
  const { holdId, accountId } = hold;
  const lots = liveAt(mix, nowMs);
  const returnedMicros = totalOf(lots);
  const lapsedMicros = amountMicros - returnedMicros;
  const movement = {
    id: transactionId.refund(refundId),
    accountId,
    postings: [
      { from: 'refunds', to: 'available', amountMicros: returnedMicros },
      { from: 'refunds', to: 'promotions', amountMicros: lapsedMicros },
    ],
    lots,
    metadata: { reason },
  } as const;
  const fact: Refund = {
    ...{ refundId, holdId, amountMicros, lapsedMicros, paidMicros: lots.paidMicros },
    promotionalMicros: returnedMicros - lots.paidMicros,
  };
  return accepted(movement, { kind: 'refund', refund: fact });
}

export function reverseTransaction(command: ReverseTransaction, book: Book): Decision {
  const { reversalId, transactionId: undoneId, amountMicros } = command;
  if (amountMicros <= 0n) return refused('amount.not_positive', { amountMicros });
  const earlier = book.reversals.get(reversalId);
  if (earlier) {
    const same = earlier.transactionId === undoneId && earlier.amountMicros === amountMicros;
    return again(same, 'reversal.mismatch', { reversalId });
  }
  const [kind = '', ...rest] = undoneId.split(':');
  if (kind !== 'grant' && kind !== 'topup') {
    return refused('transaction.not_reversible', { transactionId: undoneId });
  }
  const source = (kind === 'grant' ? book.grants : book.topUps).get(rest.join(':'));
  if (!source) return refused('transaction.unknown', { transactionId: undoneId });
  if (isOver(source, nowFor(book, source.accountId))) {
    return refused('grant.expired', { transactionId: undoneId });
  }
  const before = book.undone.get(undoneId) ?? [];
  const reversedMicros = before.reduce((sum, part) => sum + part, 0n);
  if (reversedMicros + amountMicros > source.amountMicros) {
    const { amountMicros: wholeMicros } = source;
    return refused('reversal.exceeds_transaction', { wholeMicros, reversedMicros });
  }
  return reversal(command, source, headOf(book, source.accountId).lots);
}

const isOver = (source: Grant | TopUp, nowMs: number): boolean =>
  'grantId' in source && source.expiresAtMs !== null && source.expiresAtMs <= nowMs;

/**
 * Takes what is left in the lot that the transaction filled, and no other: bought credits for a
 * top-up, given ones for a grant. The rest was spent or is set aside, and stands as a loss.
 */
function reversal(command: ReverseTransaction, source: Grant | TopUp, lots: Lots): Decision {
  const { reversalId, transactionId: undoneId, amountMicros, reason } = command;
  const part = lotOf(source, lots, amountMicros);
  const takenMicros = totalOf(part);
  const shortfallMicros = amountMicros - takenMicros;
  const origin = 'topUpId' in source ? 'payments' : 'promotions';
  const movement = {
    id: transactionId.reversal(reversalId),
    accountId: source.accountId,
    postings: [
      { from: 'available', to: origin, amountMicros: takenMicros },
      { from: 'losses', to: origin, amountMicros: shortfallMicros },
    ],
    lots: negated(part),
    metadata: { reason },
  } as const;
  return accepted(movement, {
    kind: 'reversal',
    reversal: { reversalId, transactionId: undoneId, amountMicros, shortfallMicros },
  });
}

/** What is there of the transaction's lot, up to the amount. */
function lotOf(source: Grant | TopUp, lots: Lots, mostMicros: bigint): Lots {
  const upTo = (micros: bigint) => (micros < mostMicros ? micros : mostMicros);
  if ('topUpId' in source) return paidLot(upTo(lots.paidMicros));
  const { grantId, expiresAtMs } = source;
  if (expiresAtMs === null) return promotionalLot(upTo(lots.promotionalMicros));
  const lot = lots.expiring.find((one) => one.grantId === grantId);
  return lot ? expiringLot(grantId, expiresAtMs, upTo(lot.micros)) : promotionalLot(0n);
}
