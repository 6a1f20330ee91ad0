import { eventually } from '@safelight/testing';
import type { StorageWorld, StoredJob } from './storage-world.js';

/** Resolves with what is told of the job's outputs once no copy of them is to come. */
export const settled = (world: StorageWorld, job: StoredJob) =>
  eventually(async () => {
    const told = await world.told(job);
    return told.every(({ state }) => state !== 'pending') && told;
  });

/** Resolves once the job's first output was tried so often. */
export const tried = (world: StorageWorld, job: StoredJob, times: number) =>
  eventually(async () => (await world.told(job))[0]?.attempts === times);
