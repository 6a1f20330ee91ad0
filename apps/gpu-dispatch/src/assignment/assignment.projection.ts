import type { RecordedEvent } from '@safelight/event-sourcing';
import type { InlineProjection } from '@safelight/event-store';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';
import type { AssignmentEvent } from './assignment.js';
import { jobIdOf } from './assignment.stream.js';

type Recorded = RecordedEvent<AssignmentEvent>;

/** What an event leaves of a row; columns that it does not touch are absent. */
interface Change {
  readonly jobId: string;
  readonly state: 'queued' | 'leased' | 'ended';
  readonly attempt: number;
  readonly lease?: Extract<AssignmentEvent, { type: 'AttemptLeased' }>;
}

/**
 * Keeps `dispatch.assignments`, in the database transaction of the append, and lets that transaction
 * pass only in the reign for which it was made: whatever an old leader decides is refused here.
 */
export class AssignmentProjection implements InlineProjection {
  readonly name = 'assignments';

  constructor(private readonly epoch: number) {}

  /** One round trip: the statements are sent together. */
  async apply(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<void> {
    const recorded = events as readonly Recorded[];
    const answers = await Promise.allSettled([
      requireEpoch(client, this.epoch),
      ...insertQueued(client, recorded),
      ...updateChanged(client, recorded),
    ]);
    // The first to fail is the reason; those after it only say that the database transaction is over.
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
  }
}

const insert = `
  insert into dispatch.assignments (job_id, account_id, state, lane, spec, predicted_gpu_ms,
    sequence, cause, traceparent, queued_at, deadline_at)
  select job_id, account_id, 'queued', spec ->> 'lane', spec, predicted_gpu_ms, sequence, cause,
    traceparent, queued_at, deadline_at
  from unnest($1::text[], $2::text[], $3::json[], $4::int[], $5::bigint[], $6::text[], $7::text[],
    $8::timestamptz[], $9::timestamptz[])
    as q (job_id, account_id, spec, predicted_gpu_ms, sequence, cause, traceparent, queued_at,
      deadline_at)`;

function insertQueued(client: pg.PoolClient, events: readonly Recorded[]): Promise<unknown>[] {
  const queued = events.flatMap((recorded) => {
    const { event } = recorded;
    return event.type === 'AssignmentQueued' ? [{ recorded, event }] : [];
  });
  if (queued.length === 0) return [];
  const values = [
    queued.map(({ recorded }) => jobIdOf(recorded.streamId)),
    queued.map(({ event }) => event.accountId),
    queued.map(({ event }) => JSON.stringify(event.spec)),
    queued.map(({ event }) => event.predictedGpuMs),
    queued.map(({ recorded }) => recorded.position),
    queued.map(({ recorded }) => recorded.eventId),
    queued.map(({ recorded }) => recorded.context.traceparent ?? null),
    queued.map(({ recorded }) => recorded.recordedAt.toISOString()),
    queued.map(({ event }) => event.deadlineAt),
  ];
  return [client.query({ name: 'dispatch_queue_assignments', text: insert, values })];
}

const update = `
  update dispatch.assignments a
  set state = c.state, attempt = greatest(a.attempt, c.attempt), worker_id = c.worker_id,
    incarnation = c.incarnation, lease_until = c.lease_until, epoch = c.epoch
  from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::timestamptz[],
    $7::int[]) as c (job_id, state, attempt, worker_id, incarnation, lease_until, epoch)
  where a.job_id = c.job_id`;

function updateChanged(client: pg.PoolClient, events: readonly Recorded[]): Promise<unknown>[] {
  // The last change of a row within the batch is the one that counts.
  const changes = [...new Map(events.flatMap(changeOf).map((c) => [c.jobId, c])).values()];
  if (changes.length === 0) return [];
  const values = [
    changes.map(({ jobId }) => jobId),
    changes.map(({ state }) => state),
    changes.map(({ attempt }) => attempt),
    changes.map(({ lease }) => lease?.workerId ?? null),
    changes.map(({ lease }) => lease?.incarnation ?? null),
    changes.map(({ lease }) => lease?.leaseUntil ?? null),
    changes.map(({ lease }) => lease?.epoch ?? null),
  ];
  return [client.query({ name: 'dispatch_change_assignments', text: update, values })];
}

function changeOf({ streamId, event }: Recorded): Change[] {
  const jobId = jobIdOf(streamId);
  switch (event.type) {
    case 'AssignmentQueued':
      return [];
    case 'AttemptLeased':
      return [{ jobId, state: 'leased', attempt: event.attempt, lease: event }];
    case 'LeaseReleased':
      return [{ jobId, state: 'queued', attempt: event.attempt }];
    case 'AttemptFailed':
    case 'LeaseExpired':
      return [{ jobId, state: event.final ? 'ended' : 'queued', attempt: event.attempt }];
    case 'AttemptCompleted':
      return [{ jobId, state: 'ended', attempt: event.attempt }];
    case 'AssignmentWithdrawn':
      return [{ jobId, state: 'ended', attempt: 0 }];
  }
}
