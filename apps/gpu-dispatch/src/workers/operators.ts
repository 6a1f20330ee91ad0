import { createPool } from '@safelight/postgres';
import type pg from 'pg';

/** A worker as `npm run ops -- workers list` tells of it. */
export interface KnownWorker {
  readonly workerId: string;
  /** `null` of one that was put away and never heard of. */
  readonly lastSeenAt: Date | null;
  readonly pool: string | null;
  readonly slots: number | null;
  readonly models: readonly string[] | null;
  readonly quarantine: {
    readonly placedBy: 'dispatcher' | 'operator';
    readonly reason: string;
    readonly strikes: number;
    readonly since: Date;
    readonly provesAt: Date | null;
  } | null;
}

type Row = Omit<KnownWorker, 'quarantine'> & {
  readonly [Key in keyof NonNullable<KnownWorker['quarantine']>]:
    | NonNullable<KnownWorker['quarantine']>[Key]
    | null;
};

const known = `
  select coalesce(w.worker_id, q.worker_id) as "workerId", w.last_seen_at as "lastSeenAt",
    w.pool, w.slots, w.models, q.placed_by as "placedBy", q.reason, q.strikes, q.since,
    q.proves_at as "provesAt"
  from dispatch.workers w
  full join (select * from dispatch.quarantines where ended_at is null) q using (worker_id)
  order by 1`;

/** Workers that were heard of within a day, and all that are in quarantine. */
export const knownWorkers = (url: string): Promise<KnownWorker[]> =>
  withPool(url, async (pool) => {
    const { rows } = await pool.query<Row>(known);
    return rows.map(({ placedBy, reason, strikes, since, provesAt, ...worker }) => ({
      ...worker,
      quarantine:
        placedBy === null || reason === null || strikes === null || since === null
          ? null
          : { placedBy, reason, strikes, since, provesAt },
    }));
  });

/** Has the worker get no work until it is released. Leaders learn it within a heartbeat. */
export const putAway = (url: string, workerId: string, reason: string): Promise<void> =>
  withPool(url, async (pool) => {
    await pool.query(
      `insert into dispatch.quarantines as q (worker_id, placed_by, reason, strikes)
       values ($1, 'operator', $2, 0)
       on conflict (worker_id) do update
         set placed_by = 'operator', reason = excluded.reason, proves_at = null, ended_at = null,
           since = case when q.ended_at is null then q.since else clock_timestamp() end`,
      [workerId, reason],
    );
  });

/** Ends a quarantine, whoever placed it, and forgets its strikes. @returns whether there was one */
export const letGo = (url: string, workerId: string): Promise<boolean> =>
  withPool(url, async (pool) => {
    const { rowCount } = await pool.query(
      `update dispatch.quarantines set ended_at = clock_timestamp(), strikes = 0
       where worker_id = $1 and ended_at is null`,
      [workerId],
    );
    return rowCount === 1;
  });

async function withPool<T>(url: string, run: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    return await run(pool);
  } finally {
    await pool.end();
  }
}
