import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('a worker that goes away', () => {
  it('loses its lease; another one gets attempt 2; the late report of attempt 1 changes nothing', async () => {
    const { opsUrl } = await stage.dispatcher();
    const first = await stage.worker();
    const jobId = await stage.queue();
    const stale = await first.has(jobId);
    await first.suspend();
    const second = await stage.worker();
    const fresh = await second.has(jobId, 2);
    // The first one wakes up and believes that nothing happened.
    expect(await first.complete(stale)).toBe(false);
    expect(await first.fail(stale)).toBe(false);
    expect(await second.complete(fresh)).toBe(true);
    expect(await first.complete(stale)).toBe(false);
    const ends = () => stage.heardOf(jobId).filter((fact) => !fact.includes('started'));
    await eventually(() => ends().length === 2);
    expect(ends()).toEqual(['attempt-failed 1', 'attempt-completed 2']);
    expect(await stage.story(jobId)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'LeaseExpired', 'AttemptLeased', 'AttemptCompleted'],
    ]);
    expect(await stage.metric(opsUrl, 'lease_expired_total')).toBe(1);
    expect(await stage.metric(opsUrl, 'stale_token_total')).toBe(3);
  });

  it('is told to drop what it lost, when it comes back', async () => {
    await stage.dispatcher();
    const first = await stage.worker();
    const jobId = await stage.queue();
    await first.has(jobId);
    await first.suspend();
    await stage.waits(jobId);
    await first.offer();
    expect(first.dropped).toEqual([`${jobId} 1`]);
  });

  it('gets what it lost in an outage taken back at once, uncharged', async () => {
    await stage.dispatcher({ LEASE_MS: '60000' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    await worker.has(jobId);
    // As an agent does that was out of touch for longer than a lease lives.
    worker.holds.delete(jobId);
    expect(await worker.complete(await worker.has(jobId, 2))).toBe(true);
    expect(await stage.story(jobId)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'LeaseReleased', 'AttemptLeased'],
      'AttemptCompleted',
    ]);
  });

  it('keeps a lease that it does not name once: the offer may be older than the lease', async () => {
    await stage.dispatcher({ LEASE_MS: '60000' });
    const worker = await stage.worker();
    worker.hush();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    await eventually(async () => (await stage.row(jobId))['incarnation'] !== null);
    for (let turn = 0; turn < 3; turn += 1) {
      worker.holds.delete(jobId);
      await worker.offer();
      worker.holds.set(jobId, 1);
      await worker.offer();
    }
    expect(worker.dropped).toEqual([]);
    expect(await worker.complete(assignment)).toBe(true);
    expect(await stage.story(jobId)).not.toContain('LeaseReleased');
  });

  it('keeps its lease as long as its heartbeats name it', async () => {
    await stage.dispatcher({ LEASE_MS: '400' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    // Longer than three lives of a lease, measured in heartbeats.
    for (let beat = 0; beat < 14; beat += 1) await eventually(() => beatOf(worker));
    expect(await worker.complete(assignment)).toBe(true);
  });
});

/** Resolves with the worker's next regular heartbeat. */
function beatOf(worker: { offer(): Promise<void> }): Promise<boolean> {
  const offer = worker.offer.bind(worker);
  return new Promise((resolve) => {
    worker.offer = async () => {
      worker.offer = offer;
      await offer();
      resolve(true);
    };
  });
}

describe('an assignment that is not answered', () => {
  it('is taken back uncharged after five seconds, unless a heartbeat names it', async () => {
    const { opsUrl } = await stage.dispatcher({ LEASE_MS: '60000' });
    const [silent, named] = [
      await stage.worker({ models: ['test/a'] }),
      await stage.worker({ models: ['test/b'] }),
    ];
    const never = new Promise(() => undefined);
    // Neither answers; the heartbeats of one say that it has the lease all the same.
    silent.ponders = named.ponders = never;
    silent.hush();
    const [lost, kept] = [
      await stage.queue({ spec: { model: 'test/a' } }),
      await stage.queue({ spec: { model: 'test/b' } }),
    ];
    await Promise.all([silent.has(lost), named.has(kept)]);
    const other = await stage.worker({ models: ['test/a'], eager: true });
    await other.has(lost, 2);
    expect(await named.complete({ jobId: kept, attempt: 1 })).toBe(true);
    expect(await stage.story(kept)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
    ]);
    expect(await stage.history(lost)).toContain('LeaseReleased');
    expect(stage.heardAs('attempt-failed', lost)).toEqual([]);
    expect(await stage.metric(opsUrl, 'lease_refused_total')).toBe(1);
    // What it answered too late counts for nothing.
    expect(await silent.complete({ jobId: lost, attempt: 1 })).toBe(false);
  });
});

describe('a failed attempt', () => {
  it('is tried three times and then fails for good', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    for (const attempt of [1, 2, 3]) {
      await worker.fail(await worker.has(jobId, attempt));
    }
    await stage.ended(jobId);
    const failures = () => stage.heardAs('attempt-failed', jobId);
    await eventually(() => failures().length === 3);
    expect(failures().map(({ final }) => final)).toEqual([false, false, true]);
  });

  it('waits for its time after a failure, under the next leader too', async () => {
    const patient = { RETRY_MS: '60000', LEASE_MS: '60000' };
    const first = await stage.dispatcher(patient);
    const worker = await stage.worker();
    const failed = await stage.queue();
    const failedMs = Date.now();
    await worker.fail(await worker.has(failed));
    const dueAt = (await stage.row(failed, ({ due_at: due }) => due !== null))['due_at'] as Date;
    expect(dueAt.getTime()).toBeGreaterThanOrEqual(failedMs + 30_000);
    // The slot is free for everybody else.
    await worker.complete(await worker.has(await stage.queue()));
    await first.close();
    const second = await stage.dispatcher(patient);
    await worker.complete(await worker.has(await stage.queue()));
    expect(await stage.row(failed)).toMatchObject({ attempt: 1, incarnation: null, due_at: dueAt });
    await second.close();
    // As if a minute had passed.
    await stage.admin.query('update dispatch.open_assignments set due_at = now()');
    await stage.dispatcher(patient);
    await worker.has(failed, 2);
  });

  it('is made again at once when the engine went away under it', async () => {
    await stage.dispatcher({ RETRY_MS: '60000', LEASE_MS: '60000' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    await worker.fail(await worker.has(jobId), { code: 'engine.lost' });
    await worker.has(jobId, 2);
  });

  it('is not charged for a worker that drains', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const handBack = { code: 'worker.draining', retryable: true };
    await worker.fail(await worker.has(jobId), handBack);
    await worker.has(jobId, 2);
    expect(await stage.history(jobId)).not.toContain('AttemptFailed');
  });
});
