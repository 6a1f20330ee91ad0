import type { PackageName } from '@safelight/contracts';
import type pg from 'pg';
import { insertTopUp, type NewTopUp, type Queries } from './top-up.sql.js';
import { inTransaction } from '@safelight/postgres';

export interface AutoTopUpRow {
  readonly accountId: string;
  readonly enabled: boolean;
  readonly package: PackageName;
  readonly thresholdMicros: bigint;
  readonly monthlyCapMicros: bigint;
  readonly disabledReason: string | null;
  readonly inFlight: string | null;
}

const columns = `account_id as "accountId", enabled, package, threshold_micros as "thresholdMicros",
  monthly_cap_micros as "monthlyCapMicros", disabled_reason as "disabledReason",
  in_flight as "inFlight"`;

export async function readSetting(
  db: Queries,
  accountId: string,
): Promise<AutoTopUpRow | undefined> {
  const { rows } = await db.query<AutoTopUpRow>(
    `select ${columns} from billing.auto_top_ups where account_id = $1`,
    [accountId],
  );
  return rows[0];
}

export async function storeSetting(
  db: Queries,
  wish: Omit<AutoTopUpRow, 'disabledReason' | 'inFlight'>,
): Promise<AutoTopUpRow> {
  const { accountId, enabled, package: name, thresholdMicros, monthlyCapMicros } = wish;
  const { rows } = await db.query<AutoTopUpRow>(
    `insert into billing.auto_top_ups
       (account_id, enabled, package, threshold_micros, monthly_cap_micros)
     values ($1, $2, $3, $4, $5)
     on conflict (account_id) do update set enabled = excluded.enabled,
       package = excluded.package, threshold_micros = excluded.threshold_micros,
       monthly_cap_micros = excluded.monthly_cap_micros, disabled_reason = null,
       updated_at = clock_timestamp()
     returning ${columns}`,
    [accountId, enabled, name, thresholdMicros, monthlyCapMicros],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a setting was not stored');
  return row;
}

/** Every account that has it switched on: few among many, remembered by each process. */
export async function readEnabled(db: Queries): Promise<AutoTopUpRow[]> {
  const { rows } = await db.query<AutoTopUpRow>(
    `select ${columns} from billing.auto_top_ups where enabled`,
  );
  return rows;
}

/** What such accounts have available now, of those that never had credits nothing. */
export async function readAvailable(
  db: Queries,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await db.query<{ id: string; micros: bigint }>(
    `select a.id, coalesce(t.available_after_micros, 0) as micros from unnest($1::text[]) a (id)
     left join lateral (select available_after_micros from billing.transactions
       where account_id = a.id order by sequence desc limit 1) t on true`,
    [accountIds],
  );
  return new Map(rows.map(({ id, micros }) => [id, micros]));
}

/**
 * Takes the account's one place for an automatic top-up and stores its order, in one database
 * transaction, so that two processes never pay at once and none is paid that is not on record. What
 * is decided from is read again once the place is ours: whoever had it before has been credited.
 * @returns whether it was taken: not when another is being paid, when enough is there again, when it
 *   was switched off or changed meanwhile, or when the month's cap would be passed
 */
export async function claim(pool: pg.Pool, topUp: NewTopUp): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const setting = await lockedSetting(client, topUp.accountId);
    if (setting?.package !== topUp.package) return false;
    const available = await readAvailable(client, [topUp.accountId]);
    if ((available.get(topUp.accountId) ?? 0n) >= setting.thresholdMicros) return false;
    const bought = await boughtThisMonth(client, topUp.accountId);
    if (bought + topUp.creditsMicros > setting.monthlyCapMicros) return false;
    await insertTopUp(client, topUp);
    await client.query('update billing.auto_top_ups set in_flight = $2 where account_id = $1', [
      topUp.accountId,
      topUp.id,
    ]);
    return true;
  });
}

/** While the place is free and it is switched on; nobody else has it until the transaction ends. */
async function lockedSetting(db: Queries, accountId: string): Promise<AutoTopUpRow | undefined> {
  const { rows } = await db.query<AutoTopUpRow>(
    `select ${columns} from billing.auto_top_ups
     where account_id = $1 and enabled and in_flight is null for update`,
    [accountId],
  );
  return rows[0];
}

/** By itself, in micro-credits; in UTC, on the database's clock. */
async function boughtThisMonth(db: Queries, accountId: string): Promise<bigint> {
  const { rows } = await db.query<{ micros: bigint }>(
    `select coalesce(sum(t.credits_micros), 0)::bigint as micros from billing.top_ups t
     where t.account_id = $1 and t.origin = 'automatic'
       and t.created_at >= date_trunc('month', clock_timestamp(), 'UTC')
       and not exists (select from billing.payment_facts f
         where f.top_up_id = t.id and f.kind in ('failed', 'expired'))`,
    [accountId],
  );
  return rows[0]?.micros ?? 0n;
}

/** Gives the place back; with a reason, nothing is bought by itself until the customer says so. */
export async function release(
  db: Queries,
  topUpId: string,
  disabledReason: string | null,
): Promise<void> {
  await db.query(
    `update billing.auto_top_ups set in_flight = null,
       enabled = enabled and $2::text is null,
       disabled_reason = coalesce($2, disabled_reason), updated_at = clock_timestamp()
     where in_flight = $1`,
    [topUpId, disabledReason],
  );
}

/** Top-ups that were claimed and of which nothing was heard; the provider may not know of them. */
export async function readUnpaid(db: Queries, olderThanSeconds: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select t.id from billing.auto_top_ups a join billing.top_ups t on t.id = a.in_flight
     where t.created_at < clock_timestamp() - make_interval(secs => $1)
       and t.created_at > clock_timestamp() - interval '12 h'`,
    [olderThanSeconds],
  );
  return rows.map(({ id }) => id);
}
