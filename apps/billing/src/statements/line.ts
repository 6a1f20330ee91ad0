import type { StatementLine } from '@safelight/contracts';
import { jobOf, subjectOf } from '../ledger/subject.js';
import { linesKept } from '../pricing/lines.js';
import { itemIn } from '../pricing/price.js';
import type { StatementRow } from './statement.sql.js';

type Moved = Pick<StatementLine, 'type' | 'amountMicros' | 'paidMicros'>;

/**
 * What a transaction changes of what its customer owns, available and held together. Given credits
 * that came back after their time make a line of their own: they expired as they came. Pure.
 */
export function linesOf(row: StatementRow): StatementLine[] {
  const about = {
    sequence: Number(row.sequence),
    subject: subjectOf(row),
    jobId: jobOf(row),
    at: row.recorded_at.toISOString(),
    reason: row.reason,
    charge: chargeOf(row),
    originAt: row.origin_at?.toISOString() ?? null,
  };
  return movedBy(row).map((moved) => ({
    ...about,
    ...moved,
    cents: moved.type === 'top_up' || moved.type === 'reversal' ? centsOf(row) : null,
  }));
}

function movedBy(row: StatementRow): Moved[] {
  const { available_micros: amountMicros, paid_micros: paidMicros } = row;
  switch (row.kind) {
    case 'topup':
      return [{ type: 'top_up', amountMicros, paidMicros }];
    case 'grant_expired':
      return [{ type: 'expiry', amountMicros, paidMicros }];
    case 'grant':
    case 'reversal':
    case 'adjustment':
      return [{ type: row.kind, amountMicros, paidMicros }];
    case 'refund':
      return [{ type: 'refund', amountMicros: -row.refunds_micros, paidMicros }, ...lapsed(row)];
    default:
      return [...charged(row), ...lapsed(row)];
  }
}

/** Bought credits that were held, less those that came back, are those that were spent. */
function charged({ revenue_micros, paid_micros, hold_paid_micros }: StatementRow): Moved[] {
  if (revenue_micros === 0n) return [];
  const paidMicros = paid_micros + (hold_paid_micros ?? 0n);
  return [{ type: 'charge', amountMicros: -revenue_micros, paidMicros }];
}

const lapsed = ({ promotions_micros }: StatementRow): Moved[] =>
  promotions_micros === 0n
    ? []
    : [{ type: 'expiry', amountMicros: -promotions_micros, paidMicros: 0n }];

function chargeOf(row: StatementRow): StatementLine['charge'] {
  if (row.item === null || row.price_version === null) return null;
  const { numerator, denominator } = row;
  return {
    item: itemIn(row.item),
    priceVersion: row.price_version,
    lines: linesKept(row.lines),
    keyId: row.key_id,
    earned: numerator === null || denominator === null ? null : { numerator, denominator },
  };
}

/** Of a reversal, the same part of the money as of the credits, to the nearest cent. */
function centsOf({ kind, cents, origin_cents, origin_micros, ...row }: StatementRow) {
  if (kind === 'topup') return cents;
  if (origin_cents === null || origin_micros === null || origin_micros === 0n) return null;
  const undone = row.payments_micros * origin_cents;
  return -((2n * undone + origin_micros) / (2n * origin_micros));
}
