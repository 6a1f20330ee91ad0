import type { Draft } from './book.js';
import type { BudgetChange } from './budgets.js';
import type { Lots } from './lots.js';
import { lotsFrom, type StoredLot } from './stored-lots.js';
import type { AdjustmentReason, Hold, Resolution } from './transaction.js';

type Kind =
  | 'grant'
  | 'topup'
  | 'hold'
  | 'refund'
  | 'reversal'
  | 'adjustment'
  | 'grant_expired'
  | 'budget'
  | Resolution['kind'];

/** A stored transaction in the order of `readStatement`'s columns. */
export type FoundRow = [
  kind: Kind,
  id: string,
  accountId: string,
  available: string,
  held: string,
  revenue: string,
  item: string,
  priceVersion: string,
  expiresAtMs: number | null,
  paid: string,
  lotsMoved: StoredLot[] | null,
  promotions: string,
  payments: string,
  refunds: string,
  losses: string,
  refersTo: string | null,
  reason: string | null,
  keyId: string | null,
  sequence: number,
  recordedAtMs: number,
  daily: string | null,
  monthly: string | null,
];

/** Takes note of the fact that a stored transaction stands for. */
export function addFound(draft: Draft, row: FoundRow): void {
  const [kind, id, accountId, available, held, revenue] = row;
  // What comes after the prefix of `transactionId`.
  const subject = id.slice(id.indexOf(':') + 1);
  const amountMicros = BigInt(available);
  switch (kind) {
    case 'grant': {
      const expiresAtMs = row[8];
      draft.grants.set(subject, { grantId: subject, accountId, amountMicros, expiresAtMs });
      return;
    }
    case 'topup':
      draft.topUps.set(subject, { topUpId: subject, accountId, amountMicros });
      return;
    case 'hold':
      draft.holds.set(subject, holdOf(subject, row));
      return;
    case 'refund':
      addRefund(draft, subject, row);
      return;
    case 'reversal':
      addReversal(draft, subject, row);
      return;
    case 'adjustment':
      addAdjustment(draft, subject, row);
      return;
    case 'budget':
      draft.budgetChanges.set(subject, budgetChangeOf(subject, row));
      return;
    case 'grant_expired':
      draft.expiredGrants.set(subject, -amountMicros);
      return;
    case 'captured':
    case 'voided':
    case 'expired': {
      const capturedMicros = BigInt(revenue);
      const refundedMicros = -BigInt(held) - capturedMicros;
      draft.resolutions.set(subject, { kind, capturedMicros, refundedMicros });
    }
  }
}

function holdOf(holdId: string, row: FoundRow): Hold {
  const [, , accountId, , held, , item, priceVersion, expiresAtMs, paid, lotsMoved] = row;
  const priceMicros = BigInt(held);
  const mix = mixOf(priceMicros, paid, lotsMoved);
  const terms = { holdId, accountId, item, priceMicros, priceVersion, mix };
  const [keyId, sequence, placedAtMs] = row.slice(17, 20) as [string | null, number, number];
  return { ...terms, keyId, sequence, placedAtMs, expiresAtMs: expiresAtMs ?? 0 };
}

function budgetChangeOf(changeId: string, row: FoundRow): BudgetChange {
  const [daily, monthly] = row.slice(20) as [string | null, string | null];
  return {
    ...{ changeId, accountId: row[2], keyId: row[17] },
    dailyMicros: daily === null ? null : BigInt(daily),
    monthlyMicros: monthly === null ? null : BigInt(monthly),
  };
}

/** Which credits a hold set aside: what it took from `available`. */
function mixOf(priceMicros: bigint, paid: string, lotsMoved: StoredLot[] | null): Lots {
  const expiring = lotsFrom(lotsMoved).map((lot) => ({ ...lot, micros: -lot.micros }));
  const paidMicros = -BigInt(paid);
  const expiringMicros = expiring.reduce((sum, { micros }) => sum + micros, 0n);
  return { paidMicros, promotionalMicros: priceMicros - paidMicros - expiringMicros, expiring };
}

function addRefund(draft: Draft, refundId: string, row: FoundRow): void {
  const [, , , available, , , , , , paid, , promotions, , refunds, , refersTo] = row;
  const paidMicros = BigInt(paid);
  draft.refunds.set(refundId, {
    refundId,
    holdId: (refersTo ?? '').slice('settle:'.length),
    amountMicros: -BigInt(refunds),
    paidMicros,
    promotionalMicros: BigInt(available) - paidMicros,
    lapsedMicros: BigInt(promotions),
  });
}

function addReversal(draft: Draft, reversalId: string, row: FoundRow): void {
  const [, , , , , , , , , , , promotions, payments, , losses, refersTo] = row;
  draft.reversals.set(reversalId, {
    reversalId,
    transactionId: refersTo ?? '',
    amountMicros: BigInt(promotions) + BigInt(payments),
    shortfallMicros: -BigInt(losses),
  });
}

function addAdjustment(draft: Draft, adjustmentId: string, row: FoundRow): void {
  const [, , accountId, available, , , , , , paid, , , , , , , reason] = row;
  draft.adjustments.set(adjustmentId, {
    adjustmentId,
    accountId,
    amountMicros: BigInt(available),
    credits: BigInt(paid) === 0n ? 'promotional' : 'paid',
    // The database stores no other reason.
    reason: reason as AdjustmentReason,
  });
}
