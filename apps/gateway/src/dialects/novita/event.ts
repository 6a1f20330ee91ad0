import type { DeletedJob, JobResource, NovitaTaskResult } from '@safelight/contracts';
import { presentTask } from './present.js';

/** The event ASYNC_TASK_RESULT: the task's result, with the address that it is sent to. */
export interface NovitaEvent extends Record<string, unknown> {
  readonly event_type: 'ASYNC_TASK_RESULT';
  readonly payload: Pick<NovitaTaskResult, 'task' | 'images' | 'videos'> & {
    readonly extra: Partial<NovitaTaskResult['extra']> & { readonly webhook: { url: string } };
  };
}

export function novitaEvent(job: JobResource | DeletedJob, url: string): NovitaEvent {
  const result = 'deleted' in job ? deletedTask(job) : presentTask(job);
  const extra = { ...result.extra, webhook: { url } };
  return { event_type: 'ASYNC_TASK_RESULT', payload: { ...result, extra } };
}

/** Of a job that its owner deleted before this was sent there is nothing left to hand out. */
const deletedTask = ({ id }: DeletedJob) => ({
  extra: {},
  task: {
    task_id: id,
    task_type: 'OTHER' as const,
    status: 'TASK_STATUS_FAILED' as const,
    reason: 'job.deleted: The task was deleted before this was sent.',
    eta: 0,
    progress_percent: 0,
  },
  images: [],
  videos: [],
});
