import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '@safelight/event-store';
import { createPool, inTransaction } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import { assignmentProjection } from '../assignment/assignment.projection.js';
import { streamOf } from '../assignment/assignment.stream.js';
import { beginEpoch, isEpochOver } from '../leadership/epoch.js';
import { lead } from '../leadership/leadership.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

const epoch = async (): Promise<number> => {
  const { rows } = await stage.admin.query<{ epoch: number }>(
    'select epoch from dispatch.leadership',
  );
  return rows[0]?.epoch ?? 0;
};
/** Ends the connection that holds the lock, as a failing server would. */
const terminateLeader = () =>
  stage.admin.query(`select pg_terminate_backend(a.pid) from pg_locks l
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and a.application_name = 'dispatch leadership'`);
const waiting = async (): Promise<number> => {
  const { rows } = await stage.admin.query(`select from pg_locks l
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and not l.granted and a.application_name = 'dispatch leadership'`);
  return rows.length;
};

describe('leadership', () => {
  it('is taken again, with a new epoch, when the connection of the lock is killed', async () => {
    await stage.dispatcher();
    const before = await epoch();
    const worker = await stage.worker();
    const running = await stage.queue();
    const assignment = await worker.has(running);
    await terminateLeader();
    await eventually(async () => (await epoch()) > before);
    // What ran goes on under the new reign, and what comes is served.
    expect(await eventually(() => worker.complete(assignment))).toBe(true);
    const next = await stage.queue();
    expect((await worker.has(next)).epoch).toBeGreaterThan(before);
    expect(await stage.story(running)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
    ]);
  });

  it('passes to the standby when the leader loses its lock, and the loser stands by', async () => {
    await Promise.all([stage.dispatcher(), stage.dispatcher()]);
    await eventually(async () => (await waiting()) === 1);
    const worker = await stage.worker({ slots: 3 });
    for (let round = 0; round < 3; round += 1) {
      const before = await epoch();
      const jobId = await stage.queue();
      const assignment = await worker.has(jobId);
      await terminateLeader();
      await eventually(async () => (await epoch()) > before && (await waiting()) === 1);
      expect(await eventually(() => worker.complete(assignment))).toBe(true);
      expect(await stage.story(jobId)).toEqual([
        ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
      ]);
    }
  });

  it('survives a PostgreSQL that crashes and a NATS that restarts, and blames no worker', async () => {
    await stage.dispatcher({ LEASE_MS: '1500' });
    const worker = await stage.worker({ slots: 2 });
    const running = await stage.queue();
    const assignment = await worker.has(running);
    const before = await epoch();
    // A backend that dies takes every connection of the cluster with it: PostgreSQL recovers.
    const { rows } = await stage.admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'dispatch leadership'`,
    );
    process.kill((rows[0] as { pid: number }).pid, 'SIGKILL');
    await eventually(async () => (await epoch()) > before);
    stage.nats.kill('SIGKILL');
    await stage.nats.exited;
    await stage.nats.restart();
    expect(await eventually(() => worker.complete(assignment))).toBe(true);
    const next = await eventually(() => stage.queue());
    await worker.complete(await worker.has(next));
    expect(await stage.story(running)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
    ]);
  });

  it('expires nothing while NATS is away, however long, and for a lease after it is back', async () => {
    await stage.dispatcher({ LEASE_MS: '1500' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    // Heard, it is known to have the lease: its answer to the assignment could get lost.
    await worker.offer();
    stage.nats.kill('SIGKILL');
    await stage.nats.exited;
    // A heartbeat gives up after two seconds: by then the lease would be over.
    await eventually(() => worker.unanswered > 0);
    await stage.nats.restart();
    expect(await eventually(() => worker.complete(assignment))).toBe(true);
    expect(await stage.history(jobId)).not.toContain('LeaseExpired');
  });

  it('passes to a standby that waited without a word, with the queue and the leases', async () => {
    const first = await stage.dispatcher();
    const worker = await stage.worker();
    const running = await stage.queue();
    const assignment = await worker.has(running);
    const queued = await stage.queue();
    await stage.row(queued);
    await stage.dispatcher();
    await eventually(async () => (await waiting()) === 1);
    // The standby swallows nothing: what comes now reaches the leader.
    const during = await stage.queue();
    await stage.row(during);
    await first.close();
    expect(await eventually(() => worker.complete(assignment))).toBe(true);
    await worker.complete(await worker.has(queued));
    await worker.complete(await worker.has(during));
    await stage.ended(during);
    expect((await worker.has(during)).epoch).toBe(await epoch());
  });

  it('takes no message any more while it finishes what is in hand', async () => {
    const dispatcher = await stage.dispatcher();
    const worker = await stage.worker({ slots: 2 });
    let answer: () => void = () => undefined;
    worker.ponders = new Promise<void>((resolve) => (answer = resolve));
    const inHand = await stage.queue();
    await worker.has(inHand);
    const closing = dispatcher.close();
    // Long before the assignment would be given up, nobody hears offers any more, nor jobs.
    await eventually(() => worker.unanswered > 0, { deadlineMs: 4_000 });
    const late = await stage.queue();
    answer();
    await closing;
    expect(await stage.history(late)).toEqual([]);
    expect(await stage.story(inHand)).toEqual(['AssignmentQueued', 'AttemptLeased']);
    await stage.dispatcher();
    await worker.has(late);
  });

  it('tells once of an attempt that started under the reign before', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    await terminateLeader();
    await eventually(() => stage.heardAs('attempt-started', jobId).length > 0);
    expect(await eventually(() => worker.complete(assignment))).toBe(true);
    await eventually(() => stage.heardAs('attempt-completed', jobId).length > 0);
    expect(stage.heardOf(jobId)).toEqual(['attempt-started 1', 'attempt-completed 1']);
  });

  it('releases, uncharged, a lease that never reached its worker', async () => {
    await stage.dispatcher({ LEASE_MS: '60000' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    await worker.has(jobId);
    // As if the dispatcher had died between its commit and its request.
    worker.holds.delete(jobId);
    worker.assigned.length = 0;
    await terminateLeader();
    await worker.has(jobId, 2);
    expect(await stage.story(jobId)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'LeaseReleased', 'AttemptLeased'],
    ]);
  });

  it('refuses what an old leader writes, inside the group commit', async () => {
    const dispatcher = await stage.dispatcher();
    const jobId = await stage.queue();
    await stage.row(jobId);
    await dispatcher.close();
    const url = stage.runtimeUrl;
    const pool = createPool({ url, applicationName: 'old leader' });
    const schema = 'dispatch';
    const old = await inTransaction(pool, beginEpoch);
    const oldStore = new EventStore({ pool, schema, projections: [assignmentProjection(old)] });
    const withdraw = (store: EventStore, id: string, commandId: string) =>
      store.append({
        ...{ streamId: streamOf(id), expectedVersion: id === jobId ? 1 : 0, commandId },
        events: [{ type: 'AssignmentWithdrawn', reason: 'test' } as { type: string }],
        context: { correlationId: id, causationId: id },
      });
    expect((await withdraw(oldStore, 'job_before', 'a')).status).toBe('appended');
    const present = await inTransaction(pool, beginEpoch);
    expect(present).toBe(old + 1);
    const refused = await Promise.allSettled([
      withdraw(oldStore, jobId, 'b'),
      withdraw(oldStore, 'job_other', 'c'),
    ]);
    expect(refused.map((each) => each.status === 'rejected' && isEpochOver(each.reason))).toEqual([
      ...[true, true],
    ]);
    expect(await stage.history(jobId)).toEqual(['AssignmentQueued']);
    expect(await stage.history('job_other')).toEqual([]);
    const projections = [assignmentProjection(present)];
    const newStore = new EventStore({ pool, schema, projections });
    expect((await withdraw(newStore, jobId, 'd')).status).toBe('appended');
    await pool.end();
  });

  it('makes a take-over wait for the write that is just being committed', async () => {
    const pool = createPool({ url: stage.runtimeUrl, applicationName: 'old leader' });
    const old = await inTransaction(pool, beginEpoch);
    let beginning: Promise<number> | undefined;
    await inTransaction(pool, async (client) => {
      await client.query('select dispatch.require_epoch($1, $2)', ['default', old]);
      beginning = inTransaction(pool, beginEpoch);
      await eventually(async () => {
        const { rows } = await stage.admin.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%leadership%'
           and application_name = 'old leader'`,
        );
        return rows.length === 1;
      });
      expect(await epoch()).toBe(old);
    });
    expect(await beginning).toBe(old + 1);
    await pool.end();
  });

  it('lets a standby stop while it waits', async () => {
    const url = stage.runtimeUrl;
    const reign = await lead({ url, onStandby: () => undefined }, new AbortController().signal);
    const closing = new AbortController();
    const wait = expect(lead({ url, onStandby: () => undefined }, closing.signal)).rejects.toThrow(
      'abort',
    );
    await eventually(async () => (await waiting()) === 1);
    closing.abort();
    await wait;
    // Nor does the server go on waiting for somebody who has left.
    await eventually(async () => (await waiting()) === 0);
    await reign.release();
    await reign.lost;
    const next = await lead({ url, onStandby: () => undefined }, new AbortController().signal);
    expect(next.epoch).toBe(reign.epoch + 1);
    await next.release();
  });
});
