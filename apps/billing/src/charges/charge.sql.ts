import type { CustomerReads } from '@safelight/postgres';
import { transactionId } from '../ledger/transaction.js';

/** A hold and its resolution as they are stored. */
export interface ChargeRow {
  readonly item: string;
  readonly price_micros: bigint;
  readonly price_version: string;
  readonly lines: string | null;
  readonly hold_id: string;
  readonly hold_sequence: bigint;
  readonly held_at: Date;
  readonly end_id: string | null;
  readonly end_sequence: bigint | null;
  readonly end_kind: 'captured' | 'voided' | 'expired' | null;
  readonly captured_micros: bigint | null;
  readonly refunded_micros: bigint | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly reason: string | null;
  readonly ended_at: Date | null;
}

const text = `
select h.item, h.held_micros as price_micros, h.price_version, h.metadata ->> 'lines' as lines,
  h.id as hold_id, h.sequence as hold_sequence, h.recorded_at as held_at,
  s.id as end_id, s.sequence as end_sequence, s.kind as end_kind,
  s.revenue_micros as captured_micros,
  -- With what expired as it came back: the two make the price.
  -s.held_micros - s.revenue_micros as refunded_micros,
  (s.metadata ->> 'numerator')::int as numerator,
  (s.metadata ->> 'denominator')::int as denominator,
  s.metadata ->> 'reason' as reason, s.recorded_at as ended_at
from billing.transactions h
left join lateral (select * from billing.transactions s where s.id = $3 limit 1) s on true
where h.id = $1 and h.account_id = $2`;

/** `undefined` when the account has no such hold. */
export async function readCharge(
  reads: CustomerReads,
  accountId: string,
  holdId: string,
): Promise<ChargeRow | undefined> {
  const values = [transactionId.hold(holdId), accountId, transactionId.settlement(holdId)];
  const [row] = await reads.records<ChargeRow>(accountId, {
    ...{ name: 'billing-read-charge', text, values },
  });
  return row;
}
