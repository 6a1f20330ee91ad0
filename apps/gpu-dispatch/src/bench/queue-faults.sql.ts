import type pg from 'pg';

/** What must never be; each a number of jobs. */
export interface QueueFaults {
  /** Queued, and neither open nor ended. */
  readonly lost: number;
  /** Leased while another lease of theirs was in force. */
  readonly leasedTwice: number;
  /** With more than one end. */
  readonly endedTwice: number;
}

const faults = `
  with story as (
    select stream_id, version, type,
      lag(type) over (partition by stream_id order by version) as before
    from dispatch.events where type <> 'AttemptStarted'
  ), jobs as (
    select stream_id,
      bool_or(type = 'AttemptLeased' and before = 'AttemptLeased') as leased_twice,
      count(*) filter (where type in ('AttemptCompleted', 'AssignmentWithdrawn')) as ends
    from story group by stream_id
  )
  select
    count(*) filter (where ends = 0 and o.job_id is null)::int as lost,
    count(*) filter (where leased_twice)::int as "leasedTwice",
    count(*) filter (where ends > 1)::int as "endedTwice"
  from jobs left join dispatch.open_assignments o on 'assignment-' || o.job_id = stream_id`;

/** Reads the whole history: for tests and benchmarks, where no attempt fails for good. */
export async function countFaults(admin: pg.Pool): Promise<QueueFaults> {
  const { rows } = await admin.query<QueueFaults>(faults);
  const [row] = rows;
  if (row === undefined) throw new Error('nothing was counted');
  return row;
}

const counts = {
  open: 'select count(*)::int as n from dispatch.open_assignments',
  leases: `select count(*)::int as n from dispatch.events where type = 'AttemptLeased'`,
};

export async function countOf(admin: pg.Pool, what: keyof typeof counts): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(counts[what]);
  return rows[0]?.n ?? 0;
}
