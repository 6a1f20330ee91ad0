import { jobEnded } from '@safelight/contracts';
import type { Fleet } from '../test/fleet.js';

/** Resolves for a job when its end is published; each job may be asked for once. */
export async function watchEnds(fleet: Fleet): Promise<(jobId: string) => Promise<void>> {
  const waiting = new Map<string, () => void>();
  const early = new Set<string>();
  await fleet.subscribe(jobEnded.subject, (data) => {
    const { jobId } = jobEnded.data.parse(data);
    const resolve = waiting.get(jobId);
    if (resolve === undefined) early.add(jobId);
    else resolve();
    waiting.delete(jobId);
  });
  return (jobId) =>
    early.delete(jobId) ? Promise.resolve() : new Promise((resolve) => waiting.set(jobId, resolve));
}
