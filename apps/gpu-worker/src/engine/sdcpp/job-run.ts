import { EngineCancelled, EngineError } from '../engine.js';
import { bytesIn, failureIn } from '../remote/answers.js';
import { pauseUnlessAborted } from '../remote/pause.js';
import type { Asked } from './sdcpp-request.js';
import type { SdcppClient, SdcppJob, SdcppResult } from './sdcpp-client.js';

const NAME = 'stable-diffusion.cpp';

export interface JobWatch {
  readonly pollMs: number;
  /** Aborts when nobody wants the result any more. */
  readonly signal: AbortSignal;
  /** Aborts when the engine closes: then not even the end is waited for. */
  readonly closing: AbortSignal;
  /** Told when a job goes on that nobody wants, and when it has ended: it holds the GPU until then. */
  readonly onAbandoned: (abandoned: boolean) => void;
}

/**
 * Submits a job and follows it to its end. One that waits is taken out of the queue when it is
 * cancelled; one that generates cannot be stopped (the server says 409), so its end is awaited, which
 * nobody but this worker's count of slots hears of.
 *
 * @throws EngineCancelled; EngineError as the client throws, and `engine.execution_failed`,
 *   `engine.out_of_memory`, `engine.interrupted`
 */
export async function runJob(
  client: SdcppClient,
  { mode, body }: Asked,
  watch: JobWatch,
): Promise<SdcppResult> {
  const id = await client.submit(mode, body);
  const job = await ended(client, id, watch, watch.signal).catch(async (error: unknown) => {
    if (error instanceof EngineCancelled) await leave(client, id, watch);
    throw error;
  });
  return resultOf(job);
}

async function ended(
  client: SdcppClient,
  id: string,
  { pollMs }: JobWatch,
  until: AbortSignal,
): Promise<SdcppJob> {
  for (;;) {
    await pauseUnlessAborted(pollMs, until);
    const job = await client.job(id);
    if (job.status !== 'queued' && job.status !== 'generating') return job;
  }
}

async function leave(client: SdcppClient, id: string, watch: JobWatch): Promise<void> {
  if (await client.cancel(id).catch(() => true)) return;
  if (watch.closing.aborted) return;
  watch.onAbandoned(true);
  try {
    await ended(client, id, watch, watch.closing);
  } catch {
    // Whatever became of it, nobody wants it.
  } finally {
    watch.onAbandoned(false);
  }
}

function resultOf({ status, result, error }: SdcppJob): SdcppResult {
  if (status === 'failed') throw failureIn(`${error?.code ?? ''}: ${error?.message ?? ''}`, NAME);
  if (status === 'cancelled') {
    throw new EngineError('engine.interrupted', `${NAME}: somebody else cancelled the run.`);
  }
  if (result) return result;
  throw new EngineError('engine.output_missing', `${NAME} ended without a result.`);
}

/** @throws EngineError `engine.output_missing`, `engine.answer_unreadable` */
export const pictureIn = ({ images }: SdcppResult): Buffer => bytesIn(images?.[0]?.b64_json, NAME);

export const videoIn = ({ b64_json: encoded }: SdcppResult): Buffer => bytesIn(encoded, NAME);
