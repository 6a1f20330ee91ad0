import type { CustomerReads } from '@safelight/postgres';
import type { HistoryRow } from '../ledger/history.sql.js';

/** A transaction that moves what its customer owns, with what it is about. */
export interface StatementRow {
  readonly id: string;
  readonly kind: HistoryRow['kind'];
  readonly sequence: bigint;
  readonly recorded_at: Date;
  readonly available_micros: bigint;
  readonly promotions_micros: bigint;
  readonly payments_micros: bigint;
  readonly revenue_micros: bigint;
  readonly refunds_micros: bigint;
  readonly paid_micros: bigint;
  readonly refers_to: string | null;
  readonly reason: string | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** What was paid for a top-up. */
  readonly cents: bigint | null;
  readonly hold_paid_micros: bigint | null;
  readonly item: string | null;
  readonly price_version: string | null;
  readonly lines: string | null;
  readonly key_id: string | null;
  /** Of what is given back or undone. */
  readonly origin_at: Date | null;
  readonly origin_micros: bigint | null;
  readonly origin_cents: bigint | null;
}

/** Money in another currency is not ours to add up. */
const centsOf = (row: string) =>
  `case when ${row}.metadata ->> 'currency' = 'USD'
     then (${row}.metadata ->> 'minorUnits')::bigint end`;

const pageText = `
select t.id, t.kind, t.sequence, t.recorded_at, t.available_micros, t.promotions_micros,
  t.payments_micros, t.revenue_micros, t.refunds_micros, t.paid_micros, t.refers_to,
  t.metadata ->> 'reason' as reason, (t.metadata ->> 'numerator')::int as numerator,
  (t.metadata ->> 'denominator')::int as denominator, ${centsOf('t')} as cents,
  h.paid_micros as hold_paid_micros, h.item, h.price_version, h.metadata ->> 'lines' as lines,
  h.metadata ->> 'keyId' as key_id, o.recorded_at as origin_at,
  o.available_micros as origin_micros, ${centsOf('o')} as origin_cents
from billing.transactions t
left join lateral (select * from billing.transactions h where h.id = 'hold:' || case
  when t.kind = 'refund' then substr(t.refers_to, length('settle:') + 1)
  when t.kind in ('captured', 'voided', 'expired') then substr(t.id, length('settle:') + 1)
  end limit 1) h on true
left join lateral (select * from billing.transactions o where o.id = t.refers_to limit 1) o on true
where t.account_id = $1 and t.sequence > $2 and t.sequence <= $3
  and (t.kind not in ('hold', 'captured', 'voided', 'expired')
    or t.revenue_micros <> 0 or t.promotions_micros <> 0)
order by t.sequence limit $4`;

/** Rows are never changed, and none comes between two places: pages need no snapshot. */
export const readMoves = (
  reads: CustomerReads,
  accountId: string,
  { after, until, limit }: { after: number; until: number; limit: number },
): Promise<readonly StatementRow[]> =>
  reads.records<StatementRow>(accountId, {
    name: 'billing-read-statement',
    text: pageText,
    values: [accountId, after, until, limit],
  });

const boughtText = `
select coalesce(sum(available_micros), 0)::bigint as micros,
  coalesce(sum((metadata ->> 'minorUnits')::bigint), 0)::bigint as cents
from billing.transactions
where account_id = $1 and sequence <= $2 and kind = 'topup'
  and metadata ->> 'currency' = 'USD'`;

export async function readBought(
  reads: CustomerReads,
  accountId: string,
  until: bigint,
): Promise<{ creditsMicros: bigint; cents: bigint }> {
  const values = [accountId, until.toString()];
  const [row] = await reads.records<{ micros: bigint; cents: bigint }>(accountId, {
    ...{ name: 'billing-read-bought', text: boughtText, values },
  });
  return { creditsMicros: row?.micros ?? 0n, cents: row?.cents ?? 0n };
}

const openText = `
select t.sequence, open.held_micros, open.paid_micros
from (select id, sequence, held_micros, paid_micros from billing.transactions
  where account_id = $1 and kind = 'hold' and sequence <= $3 order by sequence desc limit $4) t
left join lateral (select t.held_micros, t.paid_micros where not exists (select from billing.transactions s
    where s.id = 'settle:' || substr(t.id, length('hold:') + 1) and s.sequence <= $2)) open on true
order by t.sequence desc`;

interface OpenRow {
  readonly sequence: bigint;
  readonly held_micros: bigint | null;
  readonly paid_micros: bigint | null;
}
const WINDOW = 2_000;

/**
 * The bought credits among those that are held at a place: looks back from it until it has found all
 * that is held. Holds end within hours, so it looks not far.
 */
export async function readHeldPaid(
  reads: CustomerReads,
  accountId: string,
  { sequence, heldMicros }: { sequence: bigint; heldMicros: bigint },
): Promise<bigint> {
  let [from, left, paid] = [sequence, heldMicros, 0n];
  while (left > 0n && from > 0n) {
    const values = [accountId, sequence.toString(), from.toString(), WINDOW];
    const rows = await reads.records<OpenRow>(accountId, {
      ...{ name: 'billing-read-open-holds', text: openText, values },
    });
    for (const row of rows) {
      left -= row.held_micros ?? 0n;
      paid -= row.paid_micros ?? 0n;
      from = row.sequence - 1n;
    }
    if (rows.length === 0) break;
  }
  if (left !== 0n) throw new Error('the holds of an account do not add up to what it holds');
  return paid;
}

/** On the database's clock, epoch milliseconds. */
export async function readClock(reads: CustomerReads, accountId: string): Promise<number> {
  const [row] = await reads.records<{ now: Date }>(accountId, {
    ...{ name: 'billing-read-clock', text: 'select clock_timestamp() as now', values: [] },
  });
  if (row === undefined) throw new Error('the database told no time');
  return row.now.getTime();
}
