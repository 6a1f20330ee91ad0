import type pg from 'pg';

/**
 * Spreads an account's transactions over time, as a superuser alone can: `ages` tells for each place
 * from 1 how many milliseconds before now it is recorded, falling or the same from place to place.
 */
export async function backDate(
  admin: pg.Pool,
  accountId: string,
  ages: readonly number[],
): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query(
      `update billing.transactions t
       set recorded_at = date_trunc('milliseconds', clock_timestamp()) - make_interval(secs => a.ms / 1000.0)
       from unnest($2::bigint[]) with ordinality a (ms, place)
       where t.account_id = $1 and t.sequence = a.place`,
      [accountId, ages],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}
