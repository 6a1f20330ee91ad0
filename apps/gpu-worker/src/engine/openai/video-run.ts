import { EngineCancelled, EngineError } from '../engine.js';
import { failureIn } from '../remote/answers.js';
import { assertNotAborted } from '../remote/given-up-after.js';
import { pauseUnlessAborted } from '../remote/pause.js';
import type { OpenaiClient, VideoJob } from './openai-client.js';

export interface Watch {
  /** How often the job is looked at, in milliseconds. */
  readonly pollMs: number;
  /** How much of it is done, 0..1. */
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

export interface MadeVideo {
  readonly bytes: Buffer;
  readonly job: VideoJob;
}

const UNDER_WAY = new Set(['queued', 'in_progress', 'processing', 'pending', 'running']);

/**
 * Follows a job of `/v1/videos` to its end, and has the server forget it whatever that is: a job that
 * nobody wants would run on, and its file would lie there.
 *
 * @throws EngineCancelled; EngineError `engine.run_lost` when the server does not know it any more,
 *   `engine.execution_failed`, `engine.out_of_memory`
 */
export async function followVideo(
  client: OpenaiClient,
  submitted: VideoJob,
  watch: Watch,
): Promise<MadeVideo> {
  const { id } = submitted;
  try {
    const job = await ended(client, submitted, watch);
    return { job, bytes: await client.content(id, watch.signal) };
  } finally {
    await client.forget(id).catch(() => undefined);
  }
}

async function ended(
  client: OpenaiClient,
  submitted: VideoJob,
  { pollMs, onShare, signal }: Watch,
): Promise<VideoJob> {
  for (let job: VideoJob | undefined = submitted; ;) {
    assertNotAborted(signal);
    if (job === undefined) {
      throw new EngineError('engine.run_lost', 'The server has forgotten the run.');
    }
    if (job.status === 'completed') return job;
    if (job.status === 'cancelled') throw new EngineCancelled('the server cancelled the run');
    if (!UNDER_WAY.has(job.status))
      throw failureIn(JSON.stringify(job.error ?? null), 'The server');
    onShare((job.progress ?? 0) / 100);
    await pauseUnlessAborted(pollMs, signal);
    job = await client.video(submitted.id, signal);
  }
}
