import { transact, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';
import { STRIKES_KEPT_MS, type Quarantine } from './quarantine.js';

/** A worker as operators see it. */
export interface SeenWorker {
  readonly workerId: string;
  readonly incarnation: string;
  readonly engine: string;
  readonly pool: string;
  readonly slots: number;
  readonly models: readonly string[];
}

const columns = `worker_id as "workerId", placed_by as "placedBy", reason, strikes, since,
  proves_at as "provesAt", ended_at as "endedAt"`;

/** Those in force, and those that ended so lately that their strikes count. */
export async function readQuarantines(pool: pg.Pool): Promise<Quarantine[]> {
  const { rows } = await pool.query<Quarantine>({
    name: 'dispatch_read_quarantines',
    text: `select ${columns} from dispatch.quarantines
      where ended_at is null or ended_at > clock_timestamp() - make_interval(secs => $1)`,
    values: [STRIKES_KEPT_MS / 1_000],
  });
  return rows;
}

/** What the dispatcher decided; an operator's quarantine is theirs alone to change. */
const saveQuarantines = (decided: readonly Quarantine[]): Statement => ({
  name: 'dispatch_save_quarantines',
  text: `
    insert into dispatch.quarantines as q
      (worker_id, placed_by, reason, strikes, since, proves_at, ended_at)
    select d.worker_id, 'dispatcher', d.reason, d.strikes, d.since, d.proves_at, d.ended_at
    from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[],
      $6::timestamptz[]) as d (worker_id, reason, strikes, since, proves_at, ended_at)
    on conflict (worker_id) do update
      set placed_by = excluded.placed_by, reason = excluded.reason, strikes = excluded.strikes,
        since = excluded.since, proves_at = excluded.proves_at, ended_at = excluded.ended_at
      where q.placed_by = 'dispatcher' or q.ended_at is not null`,
  values: [
    decided.map(({ workerId }) => workerId),
    decided.map(({ reason }) => reason),
    decided.map(({ strikes }) => strikes),
    decided.map(({ since }) => since),
    decided.map(({ provesAt }) => provesAt),
    decided.map(({ endedAt }) => endedAt),
  ],
});

const saveSeen = (workers: readonly SeenWorker[]): Statement => ({
  name: 'dispatch_save_workers',
  text: `
    insert into dispatch.workers
      (worker_id, incarnation, engine, pool, slots, models, last_seen_at)
    select s.worker_id, s.incarnation, s.engine, s.pool, s.slots,
      array(select json_array_elements_text(s.models)), clock_timestamp()
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::json[])
      as s (worker_id, incarnation, engine, pool, slots, models)
    on conflict (worker_id) do update
      set incarnation = excluded.incarnation, engine = excluded.engine, pool = excluded.pool,
        slots = excluded.slots, models = excluded.models, last_seen_at = excluded.last_seen_at`,
  values: [
    workers.map(({ workerId }) => workerId),
    workers.map(({ incarnation }) => incarnation),
    workers.map(({ engine }) => engine),
    workers.map(({ pool }) => pool),
    workers.map(({ slots }) => slots),
    workers.map(({ models }) => JSON.stringify(models)),
  ],
});

/** Workers of autoscaled pools never come back under their names. */
const forgetGone: Statement = {
  name: 'dispatch_forget_workers',
  text: `delete from dispatch.workers where last_seen_at < clock_timestamp() - interval '1 day'`,
  values: [],
};

/** What the leader writes about workers, in its reign alone. */
export class WorkerRecords {
  constructor(
    private readonly pool: pg.Pool,
    private readonly epoch: number,
  ) {}

  read(): Promise<Quarantine[]> {
    return readQuarantines(this.pool);
  }

  /** @throws the database's error; `SL001` when the reign is over */
  async save(decided: readonly Quarantine[], seen: readonly SeenWorker[]): Promise<void> {
    if (decided.length === 0 && seen.length === 0) return;
    await transact(this.pool, [
      requireEpoch(this.epoch),
      ...(decided.length > 0 ? [saveQuarantines(decided)] : []),
      ...(seen.length > 0 ? [saveSeen(seen), forgetGone] : []),
    ]);
  }
}
