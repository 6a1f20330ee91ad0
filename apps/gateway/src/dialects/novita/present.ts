import type { JobResource, NovitaTaskResult } from '@safelight/contracts';
import { notHonouredField, notHonouredIn, wantsDetection } from '../notes.js';

type Task = NovitaTaskResult['task'];
const MS = 1_000;

/** A job as `GET /v3/async/task-result` tells of it. */
export function presentTask(job: JobResource, now = new Date()): NovitaTaskResult {
  const detection = wantsDetection(job.metadata);
  return {
    extra: {
      seed: String(job.seed),
      enable_nsfw_detection: detection,
      debug_info: debugInfo(job),
      model_name: job.model,
      ...notHonouredField(notHonouredIn(job.metadata)),
    },
    task: {
      task_id: job.id,
      task_type: taskTypeOf(job),
      status: statuses[job.status],
      reason: reasonOf(job),
      eta: 0,
      progress_percent: job.progress,
    },
    images: job.outputs.flatMap((output) => {
      const { media_type: mediaType } = output;
      if (mediaType === 'video/mp4') return [];
      return {
        image_url: output.url,
        image_url_ttl: secondsUntil(output.expires_at, now),
        image_type: imageTypes[mediaType],
        ...(detection ? { nsfw_detection_result: resultOf(output.moderation) } : {}),
      };
    }),
    videos: job.outputs
      .filter(({ media_type: mediaType }) => mediaType === 'video/mp4')
      .map((output) => ({
        video_url: output.url,
        video_url_ttl: secondsUntil(output.expires_at, now),
        video_type: 'mp4' as const,
      })),
  };
}

const statuses: Readonly<Record<JobResource['status'], Task['status']>> = {
  pending: 'TASK_STATUS_QUEUED',
  processing: 'TASK_STATUS_PROCESSING',
  completed: 'TASK_STATUS_SUCCEED',
  failed: 'TASK_STATUS_FAILED',
  blocked: 'TASK_STATUS_FAILED',
  cancelled: 'TASK_STATUS_FAILED',
};

function taskTypeOf({ type, inputs }: JobResource): Task['task_type'] {
  switch (type) {
    case 'generate':
      return inputs.some(({ role }) => role === 'image') ? 'IMG_TO_IMG' : 'TXT_TO_IMG';
    case 'edit':
      return 'INPAINTING';
    case 'upscale':
      return 'UPSCALE';
    default:
      return 'OTHER';
  }
}

const imageTypes = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;

function reasonOf({ status, error }: JobResource): string {
  if (statuses[status] !== 'TASK_STATUS_FAILED') return '';
  return error === null ? `The task was ${status}.` : `${error.code}: ${error.message}`;
}

const secondsUntil = (time: string, now: Date): string =>
  String(Math.max(0, Math.floor((Date.parse(time) - now.getTime()) / MS)));

const resultOf = ({ valid, confidence }: JobResource['outputs'][number]['moderation']) => ({
  valid,
  confidence,
});

/** Times in Unix milliseconds, as text. Of the words nothing is told: they are not kept for reading. */
function debugInfo(job: JobResource): NovitaTaskResult['extra']['debug_info'] {
  const { model, width, height, steps, outputs } = job;
  const seeds = outputs.map(({ seed }) => seed);
  return {
    request_info: JSON.stringify({ model, width, height, num_inference_steps: steps, seeds }),
    submit_time_ms: millisecondsOf(job.created_at),
    execute_time_ms: millisecondsOf(job.started_at),
    complete_time_ms: millisecondsOf(job.ended_at),
  };
}

const millisecondsOf = (time: string | null): string =>
  time === null ? '' : String(Date.parse(time));
