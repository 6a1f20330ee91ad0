import type { ImagesAnswer, ImagesJob, JobResource } from '@safelight/contracts';
import { notHonouredField, notHonouredIn } from '../notes.js';

const MS = 1_000;

/** One picture of the answer: by link, or whole in base64. */
export type Picture = ImagesAnswer['data'][number];

/** 200: a job that has completed, in OpenAI's form and the other one at once. */
export function presentAnswer(job: JobResource, pictures: Picture[]): ImagesAnswer {
  return {
    created: Math.floor(Date.parse(job.created_at) / MS),
    data: pictures,
    job_id: job.id,
    status: 'completed',
    url: job.outputs[0]?.url ?? '',
    generation_time: generationSeconds(job) ?? 0,
    model: job.model,
    size: `${job.width}x${job.height}`,
    output_format: formatOf(job),
    ...notHonouredField(notHonouredIn(job.metadata)),
  };
}

/** The state of a job for whoever polls. */
export function presentState(job: JobResource): ImagesJob {
  const isOpen = job.status === 'pending' || job.status === 'processing';
  const urls = job.outputs.map(({ url }) => url);
  return {
    job_id: job.id,
    status: isOpen ? 'processing' : job.status === 'completed' ? 'completed' : 'failed',
    image_url: urls[0] ?? null,
    image_urls: urls,
    model: job.model,
    created_at: job.created_at,
    completed_at: job.ended_at,
    generation_time: generationSeconds(job),
    error: isOpen || job.status === 'completed' ? null : (job.error ?? withoutWord(job)),
    ...notHonouredField(notHonouredIn(job.metadata)),
  };
}

const withoutWord = ({ status }: JobResource) => ({
  code: `job.${status}`,
  message: `This job was ${status}.`,
});

const formatOf = ({ outputs }: JobResource): string =>
  outputs[0]?.media_type.replace('image/', '') ?? 'png';

/** Seconds from when a worker began to the end; `null` before the end. */
function generationSeconds({ created_at, started_at, ended_at }: JobResource): number | null {
  if (ended_at === null) return null;
  return (Date.parse(ended_at) - Date.parse(started_at ?? created_at)) / MS;
}
