import type { JobStatus, JobView } from '@safelight/contracts';

/**
 * The job as it was when it came into `status`, from what it is now: whatever came later is taken
 * away. Exact, because a job's facts are only ever added to until its end.
 */
export function snapshotAt(job: JobView, status: JobStatus): JobView {
  if (status === 'pending') {
    return { ...untouched(job), status, startedAt: null };
  }
  return status === 'processing' ? { ...untouched(job), status } : job;
}

const untouched = (job: JobView): JobView => ({
  ...job,
  progress: 0,
  outputs: [],
  settlement: null,
  failure: null,
  endedAt: null,
});
