import type { JobRow } from '../tables.js';

/** What decides whether an object of a job has a use. */
export type JobTraces = Pick<JobRow, 'ended_at' | 'deleted_at' | 'spec' | 'reported'>;

/** Of a key `jobs/<job>/…`. */
export const jobOfKey = (key: string): string => key.split('/')[1] ?? '';

/**
 * Whether nothing names the object any more: its job never came to be or was deleted, or has ended
 * without it (an attempt that was not reported, a picture of a submission that was repeated). What an
 * open job has is left alone.
 */
export function isOrphan(key: string, job: JobTraces | undefined): boolean {
  if (job === undefined || job.deleted_at !== null) return true;
  if (job.ended_at === null) return false;
  const { inputs = [] } = job.spec as Partial<JobRow['spec']>;
  return ![...inputs, ...(job.reported ?? [])].some((named) => named.key === key);
}
