import type { CustomerReads, Statement } from '@safelight/postgres';
import type { StoredLot } from './stored-lots.js';

/** A transaction of an account as it is stored. */
export interface HistoryRow {
  readonly id: string;
  readonly kind:
    | 'grant'
    | 'topup'
    | 'hold'
    | 'captured'
    | 'voided'
    | 'expired'
    | 'refund'
    | 'reversal'
    | 'adjustment'
    | 'grant_expired'
    | 'budget';
  readonly sequence: bigint;
  readonly available_micros: bigint;
  readonly held_micros: bigint;
  readonly available_after_micros: bigint;
  readonly held_after_micros: bigint;
  readonly paid_after_micros: bigint;
  readonly lots_after: readonly StoredLot[] | null;
  readonly refers_to: string | null;
  readonly reason: string | null;
  readonly recorded_at: Date;
}

const columns = `id, kind, sequence, available_micros, held_micros, available_after_micros,
  held_after_micros, paid_after_micros, lots_after, refers_to, metadata ->> 'reason' as reason, recorded_at`;

const pageText = `
select ${columns} from billing.transactions
where account_id = $1 and sequence < $2 order by sequence desc limit $3`;

export const historyStatement = (accountId: string, below: bigint, limit: number): Statement => ({
  name: 'billing-read-history',
  text: pageText,
  values: [accountId, below.toString(), limit],
});

/** An account's transactions below a place, the newest first. */
export const readHistory = (
  reads: CustomerReads,
  accountId: string,
  below: bigint,
  limit: number,
): Promise<readonly HistoryRow[]> =>
  reads.records<HistoryRow>(accountId, historyStatement(accountId, below, limit));

/**
 * Halves the places of the account until one is left: about twenty look-ups in a million. Places and
 * times rise together, to within the clocks of the processes that wrote them.
 */
const lastText = `
with recursive search (low, high) as (
  select 0::bigint, coalesce((select sequence from billing.transactions
    where account_id = $1 order by sequence desc limit 1), 0)
  union all
  select case when middle.recorded_at <= $2 then s.place else s.low end,
    case when middle.recorded_at <= $2 then s.high else s.place - 1 end
  from (select low, high, (low + high + 1) / 2 as place from search where low < high) s
  cross join lateral (select recorded_at from billing.transactions
    where account_id = $1 and sequence = s.place limit 1) middle
)
select ${columns} from search
cross join lateral (select * from billing.transactions
  where account_id = $1 and sequence = search.low limit 1) last
where search.low = search.high`;

export const lastUntilStatement = (accountId: string, at: string): Statement => ({
  name: 'billing-read-last-until',
  text: lastText,
  values: [accountId, at],
});

/** The last transaction of an account until a time; `undefined` when it had none. */
export async function readLastUntil(
  reads: CustomerReads,
  accountId: string,
  at: string,
): Promise<HistoryRow | undefined> {
  const rows = await reads.records<HistoryRow>(accountId, lastUntilStatement(accountId, at));
  return rows[0];
}
