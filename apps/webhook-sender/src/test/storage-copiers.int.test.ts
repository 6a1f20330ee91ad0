import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attachStorage,
  newId,
  repeatStorage,
  storageAvailable,
  toldStorage,
} from '@safelight/contracts';
import type { Egress } from '@safelight/egress';
import { eventually } from '@safelight/testing';
import { egressTo } from '../storage/put-object.js';
import { settled, tried } from './storage-settled.js';
import { StorageWorld } from './storage-world.js';

let world: StorageWorld;
beforeAll(async () => {
  world = await StorageWorld.build();
});
afterEach(() => world.stopCopiers());
afterAll(() => world.close());

const MINUTE_MS = 60_000;

describe('copiers', () => {
  it('make a copy again of one that died between the put and its record', async () => {
    const door = egressTo(world.identity);
    let die: (reason: Error) => void = () => undefined;
    let hasPut = false;
    const dying: Egress = {
      ...door,
      fetch: async (url, request) => {
        await door.fetch(url, request);
        hasPut = true;
        return new Promise((_, reject) => (die = reject));
      },
    };
    await world.copier(world.identity, dying);
    const job = await world.job();
    await world.complete(job);
    await eventually(() => hasPut);
    const dead = world.abandonCopiers();
    expect(world.stored(job).size).toBe(1);
    expect(await world.told(job)).toMatchObject([{ state: 'pending', attempts: 0 }]);
    await world.copier();
    world.pass(1 * MINUTE_MS);
    expect(world.answered(job)).toEqual(['OK']);
    world.pass(3 * MINUTE_MS);
    expect(await settled(world, job)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(world.answered(job)).toEqual(['OK', 'OK']);
    expect([...world.stored(job).values()][0]?.equals(job.outputs[0]!.bytes)).toBe(true);
    die(new Error('dead'));
    await dead.bury();
  });

  it('share the jobs, each output put once', async () => {
    await Promise.all([world.copier(), world.copier(), world.copier()]);
    const jobs = await Promise.all(Array.from({ length: 12 }, () => world.job({}, 3)));
    await Promise.all(jobs.map((job) => world.complete(job)));
    for (const job of jobs) {
      const told = await settled(world, job);
      expect(told.map(({ state, attempts }) => [state, attempts])).toEqual(
        Array.from({ length: 3 }, () => ['delivered', 1]),
      );
      expect(world.answered(job)).toEqual(['OK', 'OK', 'OK']);
    }
  });
});

describe('whoever asks', () => {
  it('gets the same answer again, and nothing of another account’s', async () => {
    await world.copier();
    const job = await world.job();
    const { jobId, accountId, target } = job;
    const other = { ...target, path: 'elsewhere' };
    await world.requests.request(attachStorage, { jobId, accountId, s3: other });
    expect((await world.told(job))[0]?.key).toMatch(/^made\//);
    const stranger = { ...job, accountId: newId('acc') };
    expect(await world.told(stranger)).toEqual([]);
    const again = { ...job, jobId: newId('job') };
    const repeated = { jobId: again.jobId, repeatOf: jobId };
    await world.requests.request(repeatStorage, { ...repeated, accountId: stranger.accountId });
    expect(await world.told(again)).toEqual([]);
    await world.requests.request(repeatStorage, { ...repeated, accountId });
    expect(await world.told(again)).toMatchObject([{ bucket: target.bucket, state: 'pending' }]);
  });

  it('is refused where there is no identity', async () => {
    await world.copier(null);
    const { requests } = world;
    expect(await requests.request(storageAvailable, {})).toEqual({ available: false });
    await expect(world.job()).rejects.toMatchObject({ code: 'storage.not_configured' });
    const nothing = { jobId: newId('job'), accountId: newId('acc'), outputs: [] };
    expect(await requests.request(toldStorage, nothing)).toEqual({ outputs: [] });
  });

  it('learns that an output was deleted before it was copied', async () => {
    await world.copier();
    const job = await world.job();
    world.s3.faults.push({ code: 'SlowDown' });
    await world.complete(job);
    await tried(world, job, 1);
    world.stateOf(job, 'deleted');
    world.pass(MINUTE_MS);
    expect(await settled(world, job)).toMatchObject([
      { state: 'failed', error: { code: 'output_deleted' } },
    ]);
    expect(world.stored(job).size).toBe(0);
  });
});
