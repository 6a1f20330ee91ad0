import { headOf, nowFor, type Book } from './book.js';
import { budgetsAt, endOf, overrunBy, type Overrun } from './budgets.js';
import type { CaptureHold, ExpireHold, PlaceHold, VoidHold } from './commands.js';
import { accepted, refused, repeated, type Decision } from './decision.js';
import { firstOf, liveAt, negated, totalOf, without } from './lots.js';
import {
  transactionId,
  type Hold,
  type LedgerTransaction,
  type Resolution,
} from './transaction.js';

/**
 * An unresolved hold can still be captured for this long after its time was over, while the sweep
 * has not come by; later it can only expire, however late the sweep or the capture is.
 */
export const captureGraceMs = 5 * 60_000;

export function placeHold(command: PlaceHold, book: Book): Decision {
  const { holdId, accountId, item, priceMicros, priceVersion } = command;
  const earlier = book.holds.get(holdId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.item === item;
    if (!same) return refused('hold.mismatch', { holdId });
    const resolution = book.resolutions.get(holdId);
    return resolution ? refused('hold.resolved', { holdId, kind: resolution.kind }) : repeated;
  }
  const { quotedMicros = null } = command;
  if (quotedMicros !== null && quotedMicros !== priceMicros) {
    return refused('price.changed', { priceMicros, quotedMicros });
  }
  const { sequence, lots, budgets, recordedAtMs } = headOf(book, accountId);
  if (sequence === 0) return refused('account.unknown', { accountId });
  if (priceMicros <= 0n) return refused('amount.not_positive', { amountMicros: priceMicros });
  const nowMs = nowFor(book, accountId);
  // A lot whose time is over cannot be spent, whether the sweep has been there or not.
  const spendable = liveAt(lots, nowMs);
  const availableMicros = totalOf(spendable);
  if (availableMicros < priceMicros) {
    return refused('credits.insufficient', { priceMicros, availableMicros });
  }
  const keyId = command.keyId ?? null;
  const overrun = overrunBy(budgetsAt(budgets, recordedAtMs, nowMs), keyId, priceMicros);
  if (overrun) return refused('budget.exceeded', overrunDetails(overrun, priceMicros, nowMs));
  const mix = firstOf(spendable, priceMicros);
  const movement = {
    id: transactionId.hold(holdId),
    accountId,
    postings: [{ from: 'available', to: 'held', amountMicros: priceMicros }],
    lots: negated(mix),
    metadata: keptWith(command),
  } as const;
  const terms = { holdId, accountId, keyId, item, priceMicros, priceVersion, mix };
  const place = { placedAtMs: nowMs, sequence: sequence + 1 };
  const expiresAtMs = nowMs + command.lifetimeMs;
  return accepted(movement, { kind: 'hold', hold: { ...terms, ...place, expiresAtMs } });
}

function overrunDetails({ budget, period }: Overrun, priceMicros: bigint, nowMs: number) {
  const isDaily = period === 'day';
  return {
    keyId: budget.keyId,
    period,
    limitMicros: isDaily ? budget.dailyMicros : budget.monthlyMicros,
    spentMicros: isDaily ? budget.todayMicros : budget.thisMonthMicros,
    priceMicros,
    resetsAt: new Date(endOf(period, nowMs)).toISOString(),
  };
}

function keptWith({ lines, keyId, askedWith }: PlaceHold): LedgerTransaction['metadata'] {
  const asking = askedWith ?? keyId;
  return {
    ...(lines !== undefined && { lines }),
    ...(typeof asking === 'string' && { keyId: asking }),
  };
}

export function captureHold(command: CaptureHold, book: Book): Decision {
  const { holdId, numerator, denominator } = command;
  return settle(holdId, book, (hold, nowMs) => {
    if (numerator > denominator) return refused('capture.exceeds_hold', { numerator, denominator });
    if (nowMs > hold.expiresAtMs + captureGraceMs) {
      const metadata = { lateCapture: `${numerator}/${denominator}` };
      return settlement(hold, 'expired', 0n, metadata, nowMs);
    }
    const capturedMicros = partOf(hold.priceMicros, numerator, denominator);
    return settlement(hold, 'captured', capturedMicros, { numerator, denominator }, nowMs);
  });
}

export const voidHold = ({ holdId, reason }: VoidHold, book: Book): Decision =>
  settle(holdId, book, (hold, nowMs) => settlement(hold, 'voided', 0n, { reason }, nowMs));

export const expireHold = ({ holdId }: ExpireHold, book: Book): Decision =>
  settle(holdId, book, (hold, nowMs) =>
    hold.expiresAtMs > nowMs
      ? refused('hold.not_expired', { expiresAtMs: hold.expiresAtMs })
      : settlement(hold, 'expired', 0n, {}, nowMs),
  );

/** Rounded down, so in the customer's favour; the remainder is the rest of the price. */
function partOf(priceMicros: bigint, numerator: number, denominator: number): bigint {
  return (priceMicros * BigInt(numerator)) / BigInt(denominator);
}

function settle(
  holdId: string,
  book: Book,
  resolve: (hold: Hold, nowMs: number) => Decision,
): Decision {
  const hold = book.holds.get(holdId);
  if (!hold) return refused('hold.unknown', { holdId });
  if (book.resolutions.has(holdId)) return repeated;
  return resolve(hold, nowFor(book, hold.accountId));
}

function settlement(
  hold: Hold,
  kind: Resolution['kind'],
  capturedMicros: bigint,
  metadata: LedgerTransaction['metadata'],
  nowMs: number,
): Decision {
  const { holdId, accountId, mix, priceMicros } = hold;
  // What is spent first is captured first, so what goes back is what would have been spent last.
  const back = capturedMicros === 0n ? mix : without(mix, firstOf(mix, capturedMicros));
  const lots = liveAt(back, nowMs);
  const returnedMicros = totalOf(lots);
  const refundedMicros = priceMicros - capturedMicros;
  const movement = {
    id: transactionId.settlement(holdId),
    accountId,
    postings: [
      { from: 'held', to: 'revenue', amountMicros: capturedMicros },
      { from: 'held', to: 'available', amountMicros: returnedMicros },
      // A lot whose time is over meanwhile expires what comes back to it.
      { from: 'held', to: 'promotions', amountMicros: refundedMicros - returnedMicros },
    ],
    lots,
    metadata,
  } as const;
  const resolution = { kind, capturedMicros, refundedMicros };
  return accepted(movement, { kind: 'settlement', holdId, resolution });
}
