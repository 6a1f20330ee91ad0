import { fetchInput, newId, type Assignment, type StoredOutput } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { EngineCancelled, EngineError } from '../engine/engine.js';
import { actOut, FAILURE_ASKED_FOR } from './act-out.js';
import { engineRequest } from './engine-request.js';
import { InputBroken, openInputs } from './inputs.js';
import { insist } from './insist.js';
import { withWhiteMask } from './mask.js';
import { ProgressReporter } from './progress.js';
import type { WorkerParts } from './worker-parts.js';

/** What became of an attempt. `stopped`: its lease was taken away; nobody waits for a report. */
export type Outcome =
  | { readonly kind: 'completed'; readonly gpuMs: number; readonly outputs: StoredOutput[] }
  | ({ readonly kind: 'failed'; readonly gpuMs: number } & Failure)
  | { readonly kind: 'stopped'; readonly gpuMs: number };

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Time that the engine has worked, in milliseconds. */
interface Meter {
  gpuMs: number;
}

/** What no other worker with this model would do better. */
const HOPELESS = new Set([
  'engine.request_invalid',
  'engine.image_unreadable',
  'engine.image_size',
  'engine.mask_unreadable',
  'engine.mask_size',
  'engine.region_not_found',
  FAILURE_ASKED_FOR,
]);

/** Fetches the words and pictures, makes the images and stores them. Never rejects. */
export async function runAttempt(
  parts: WorkerParts,
  assignment: Assignment,
  signal: AbortSignal,
): Promise<Outcome> {
  const meter: Meter = { gpuMs: 0 };
  try {
    const outputs = await makeOutputs(parts, assignment, { signal, meter });
    return { kind: 'completed', gpuMs: Math.round(meter.gpuMs), outputs };
  } catch (error) {
    const gpuMs = Math.round(meter.gpuMs);
    if (signal.aborted) return { kind: 'stopped', gpuMs };
    parts.telemetry.logger.warn({ err: error, attempt: assignment.attempt }, 'attempt failed');
    return { kind: 'failed', gpuMs, ...failureOf(error) };
  }
}

interface Conditions {
  readonly signal: AbortSignal;
  readonly meter: Meter;
}

async function makeOutputs(
  { engine, requests, store }: WorkerParts,
  assignment: Assignment,
  { signal, meter }: Conditions,
): Promise<StoredOutput[]> {
  const { jobId, attempt, spec, deadlineAt } = assignment;
  const patience = { signal, untilMs: Date.parse(deadlineAt) };
  const { content } = await insist(
    () => requests.request(fetchInput, { jobId, attempt }),
    patience,
  );
  const opened = await openInputs(store, spec.inputs, content.inputs);
  const pictures = await withWhiteMask(opened, spec.repaint);
  const progress = new ProgressReporter(assignment, (subject, data) =>
    requests.publishProgress(subject, data),
  );
  await actOut(spec.test?.outcome, signal);
  const outputs: StoredOutput[] = [];
  for (let image = 0; image < spec.images; image += 1) {
    signal.throwIfAborted();
    const started = performance.now();
    const request = engineRequest(spec, content, pictures, seedOf(spec.seed, image));
    const made = await engine.run(
      request,
      ({ step, steps }) => progress.report((image + step / steps) / spec.images),
      signal,
    );
    meter.gpuMs += performance.now() - started;
    // The lease may be lost while the engine works: then the key is not ours to write to any more.
    signal.throwIfAborted();
    const { bytes, ...facts } = made;
    const { mediaType } = facts;
    const outputId = newId('out');
    const key = `jobs/${jobId}/${attempt}/${outputId}.${extensionOf(mediaType, spec.format)}`;
    const stored = await store.put(key, bytes, { mediaType });
    outputs.push({ outputId, key, ...facts, ...stored });
  }
  return outputs;
}

/** A picture is kept as what was asked for; a video is an MP4 whatever was. */
const extensionOf = (mediaType: string, format: string): string =>
  mediaType === 'video/mp4' ? 'mp4' : format;

/** Image i of a job has the job's seed plus i, as an unsigned 32-bit integer. */
const seedOf = (seed: number, image: number): number => (seed + image) >>> 0;

/** Messages of unknown errors may hold anything: they stay in the log. */
function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) {
    const { code, message } = error;
    return { code, message, retryable: !HOPELESS.has(code) };
  }
  if (error instanceof EngineCancelled) {
    return { code: error.code, message: 'The engine closed.', retryable: true };
  }
  if (error instanceof InputBroken) {
    return { code: error.code, message: error.message, retryable: false };
  }
  if (error instanceof DomainError) {
    return { code: error.code, message: 'The job is not to be run.', retryable: false };
  }
  return { code: 'worker.fault', message: 'The attempt could not be run.', retryable: true };
}
