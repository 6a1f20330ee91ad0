import type { DeletedJob, ImagesJob, JobResource } from '@safelight/contracts';
import { presentState } from './present.js';

/** What `callback_url` is sent: the job as its status address shows it. */
export function imagesEvent(job: JobResource | DeletedJob): Partial<ImagesJob> {
  if (!('deleted' in job)) return presentState(job);
  const error = { code: 'job.deleted', message: 'The job was deleted before this was sent.' };
  return { job_id: job.id, status: 'failed', image_url: null, image_urls: [], error };
}
