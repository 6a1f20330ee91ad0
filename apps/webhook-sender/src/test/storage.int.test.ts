import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, PIECE_BYTES } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { Stores } from '../storage/stores.js';
import { settled, tried } from './storage-settled.js';
import { amazonAt, outputOf, StorageWorld, type StoredJob } from './storage-world.js';

let world: StorageWorld;
beforeAll(async () => {
  world = await StorageWorld.build();
});
afterEach(() => world.stopCopiers());
afterAll(() => world.close());

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Puts the clock forward, try after try, until no copy of the job is to come. */
const settledInTime = (job: StoredJob, stepMs: number) =>
  eventually(
    async () => {
      const told = await world.told(job);
      if (told.every(({ state }) => state !== 'pending')) return told;
      world.pass(stepMs);
      return false;
    },
    { deadlineMs: 30_000 },
  );
describe('the outputs of a job', () => {
  it('come into their owner’s bucket as they were released, once the job has ended', async () => {
    await world.copier();
    const job = await world.job({}, 2);
    const [before] = await world.told(job);
    expect(before).toMatchObject({ state: 'pending', attempts: 0, error: null });
    await world.complete(job);
    const told = await settled(world, job);
    const keys = job.outputs.map(({ outputId }) => `made/${job.jobId}/${outputId}.png`);
    expect(told.map(({ key }) => key)).toEqual(keys);
    for (const storage of told) {
      expect(storage).toMatchObject({ state: 'delivered', attempts: 1, error: null });
      expect(storage.delivered_at).not.toBeNull();
    }
    const stored = world.stored(job);
    expect([...stored.keys()].toSorted()).toEqual(keys.toSorted());
    for (const { outputId, bytes } of job.outputs) {
      expect(stored.get(`made/${job.jobId}/${outputId}.png`)?.equals(bytes)).toBe(true);
    }
    const [request] = world.s3.requests.filter(({ bucket }) => bucket === job.target.bucket);
    expect(request?.headers).toMatchObject({
      'content-type': 'image/png',
      referer: job.accountId,
      'x-amz-checksum-sha256': expect.stringMatching(/=$/),
    });
  });

  it('are read in pieces, and lie where the path says directly', async () => {
    await world.copier();
    const job = await world.job({ path: '/a b/ü+1/', save_to_path_directly: true }, 0);
    const large = outputOf(randomBytes(2 * PIECE_BYTES + 17));
    job.outputs.push(large);
    await world.complete(job);
    await settled(world, job);
    const bytes = world.stored(job).get(`a b/ü+1/${large.outputId}.png`);
    expect(bytes?.equals(large.bytes)).toBe(true);
  });

  it('go to Amazon’s hosts where there is no endpoint', async () => {
    const identity = { ...world.identity, endpoint: null, endpointAddresses: [] };
    await world.copier(identity, amazonAt(world.s3));
    const job = await world.job();
    await world.complete(job);
    await settled(world, job);
    const [request] = world.s3.requests.filter(({ bucket }) => bucket === job.target.bucket);
    expect(request?.headers.host).toBe(
      `${job.target.bucket}.s3.eu-central-1.amazonaws.com:${world.s3.port}`,
    );
    expect(world.stored(job).size).toBe(1);
  });

  it('go nowhere while they are not released, nor when they are not what was released', async () => {
    await world.copier();
    const job = await world.job();
    // Their event is here; the gate says no.
    await world.jobs.end(job);
    const altered = await world.job();
    for (const output of altered.outputs) output.bytes = randomBytes(10_000);
    await world.complete(altered);
    await tried(world, altered, 1);
    expect(await world.told(altered)).toMatchObject([
      { state: 'pending', error: { code: 'not_available' } },
    ]);
    const blocked = await world.job();
    world.stateOf(blocked, 'without_outputs');
    await world.jobs.end(blocked, 'failed');
    const dueAt = async ({ jobId }: StoredJob) =>
      (
        await world.pool.query<{ due_at: Date | null }>(
          'SELECT due_at FROM webhooks.stores WHERE job_id = $1',
          [jobId],
        )
      ).rows[0]?.due_at;
    await eventually(async () => (await dueAt(blocked)) === null);
    for (const one of [job, altered, blocked]) {
      expect([world.answered(one), world.stored(one).size]).toEqual([[], 0]);
    }
  });

  it('are due when several jobs end at the same moment, those of the right account alone', async () => {
    let woken = 0;
    const { pool, clock } = world;
    const stores = new Stores({ pool, clock, available: true, onDue: () => (woken += 1) });
    await world.copier();
    const [first, second, foreign] = [await world.job(), await world.job(), await world.job()];
    await world.stopCopiers();
    await stores.ended({ jobId: newId('job'), accountId: newId('acc') });
    expect(woken).toBe(0);
    const { accountId } = first;
    const ends = [second, first, { jobId: newId('job'), accountId }, { ...foreign, accountId }];
    await Promise.all(ends.map((job) => stores.ended(job)));
    expect(woken).toBe(1);
    const { rows } = await pool.query<{ due: boolean }>(
      `SELECT job_ended AND due_at <= $2 AS due FROM webhooks.stores
       WHERE job_id = ANY($1) ORDER BY array_position($1, job_id)`,
      [[first, second, foreign].map(({ jobId }) => jobId), clock.now()],
    );
    expect(rows.map(({ due }) => due)).toEqual([true, true, false]);
    await stores.ended(first);
    expect(woken).toBe(1);
  });

  it('are found although no event told of the end', async () => {
    await world.copier();
    const job = await world.job();
    world.stateOf(job, 'completed');
    world.pass(1.1 * HOUR_MS);
    expect(await settled(world, job)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a store that takes nothing now', () => {
  it('gets the output once it recovers', async () => {
    await world.copier();
    const job = await world.job();
    world.s3.faults.push({ code: 'SlowDown' }, { code: 'InternalError' });
    await world.complete(job);
    await tried(world, job, 1);
    const [waiting] = await world.told(job);
    expect(waiting).toMatchObject({ state: 'pending', error: { code: 'bucket_busy' } });
    expect(waiting?.error?.message).toContain('503 SlowDown');
    const told = await settledInTime(job, 2 * MINUTE_MS);
    expect(told).toMatchObject([{ state: 'delivered', attempts: 3, error: null }]);
    expect(world.answered(job)).toEqual(['SlowDown', 'InternalError', 'OK']);
  });

  it('is given up after a day, and the reason stays', async () => {
    await world.copier();
    const job = await world.job();
    world.s3.faults.push(...Array.from({ length: 30 }, () => ({ code: 'SlowDown' }) as const));
    await world.complete(job);
    const told = await settledInTime(job, 12 * HOUR_MS);
    world.s3.faults.length = 0;
    expect(told).toMatchObject([
      { state: 'failed', attempts: 10, error: { code: 'bucket_busy' }, next_attempt_at: null },
    ]);
    const asked = world.answered(job).length;
    world.pass(24 * HOUR_MS);
    expect(world.answered(job)).toHaveLength(asked);
  });
});

describe('a bucket that will not have it', () => {
  it.each([
    ['access_denied', { allows: () => false }, {}],
    ['bucket_missing', undefined, { bucket: 'nobodys-bucket' }],
    ['wrong_region', undefined, { region: 'us-west-2' }],
  ] as const)('ends with %s after three tries', async (code, policy, target) => {
    await world.copier();
    const job = await world.job(target);
    const asked = () => world.answered(job).length;
    const before = asked();
    if (policy) world.s3.buckets.set(job.target.bucket, { region: 'eu-central-1', ...policy });
    await world.complete(job);
    const told = await settledInTime(job, 10 * MINUTE_MS);
    expect(told).toMatchObject([{ state: 'failed', attempts: 3, error: { code } }]);
    expect(asked() - before).toBe(3);
    expect(world.stored(job).size).toBe(0);
  });

  it('can let in its owner’s jobs alone', async () => {
    await world.copier();
    const [own, foreign] = [await world.job(), await world.job({ bucket: 'placeholder-bucket' })];
    const { bucket } = own.target;
    world.s3.buckets.set(bucket, {
      region: 'eu-central-1',
      allows: (headers) => headers.referer === own.accountId,
    });
    await world.pool.query('UPDATE webhooks.stores SET bucket = $2 WHERE job_id = $1', [
      foreign.jobId,
      bucket,
    ]);
    await world.complete(own);
    await world.complete(foreign);
    expect(await settled(world, own)).toMatchObject([{ state: 'delivered' }]);
    expect(await settledInTime(foreign, 10 * MINUTE_MS)).toMatchObject([
      { state: 'failed', error: { code: 'access_denied' } },
    ]);
    expect(world.stored(own).size).toBe(1);
  });
});
