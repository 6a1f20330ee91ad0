import { fetchInput, type Assignment } from '@safelight/contracts';
import { EngineLost } from '../engine/engine.js';
import { actOut } from './act-out.js';
import { withCredentials } from './credentials.js';
import { engineRequest, wordsFor } from './engine-request.js';
import { highest, runOnEngine, type Meter } from './engine-run.js';
import { failureOf, type Failure } from './failure.js';
import { imprintOf } from './imprint.js';
import { openInputs } from './inputs.js';
import { insist } from './insist.js';
import { withWhiteMask } from './mask.js';
import { ProgressReporter } from './progress.js';
import { Uploads } from './uploads.js';
import type { WorkerParts } from './worker-parts.js';

/** What became of an attempt, what it used and what it stored. `stopped`: its signal aborted. */
export type Outcome = End & { readonly used: Meter; readonly uploads: Uploads };

type End =
  | { readonly kind: 'completed' }
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'failed' } & Failure);

/** Fetches the words and pictures, makes the images and stores them. Never rejects. */
export async function runAttempt(
  parts: WorkerParts,
  assignment: Assignment,
  signal: AbortSignal,
): Promise<Outcome> {
  const { jobId, attempt, spec, deadlineAt } = assignment;
  const { logger } = parts.telemetry;
  const meter: Meter = { gpuMs: 0, loadMs: 0, peakVramBytes: null };
  const watch = parts.gpu.watch();
  const onTrouble = (error: unknown) =>
    logger.warn({ err: error, job_id: jobId, attempt }, 'an upload is tried again');
  const patience = { signal, untilMs: Date.parse(deadlineAt), onTrouble };
  const uploads = new Uploads(parts.store, { jobId, attempt, format: spec.format }, patience);
  let end: End;
  try {
    await makeOutputs(parts, assignment, { signal, meter, uploads });
    end = { kind: 'completed' };
  } catch (error) {
    if (error instanceof EngineLost) parts.onEngineLost(error);
    if (signal.aborted) end = { kind: 'stopped' };
    else {
      logger.warn({ err: error, job_id: jobId, attempt }, 'attempt failed');
      end = { kind: 'failed', ...failureOf(error) };
    }
  }
  return { ...end, uploads, used: rounded(meter, watch.end()) };
}

interface Making {
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly uploads: Uploads;
}

async function makeOutputs(
  { engine, requests, store, watermark, credentials }: WorkerParts,
  assignment: Assignment,
  { signal, meter, uploads }: Making,
): Promise<void> {
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
  const model = engine.capabilities.models.find(({ name }) => name === spec.model);
  const words = wordsFor(content, model);
  for (let image = 0; image < spec.images; image += 1) {
    signal.throwIfAborted();
    const asked = engineRequest(spec, words, pictures, seedOf(spec.seed, image));
    const request = watermark ? { ...asked, imprint: imprintOf(watermark, jobId, image) } : asked;
    const onProgress = ({ step, steps }: { step: number; steps: number }) =>
      progress.report((image + step / steps) / spec.images);
    const made = await runOnEngine(engine, request, { signal, meter, onProgress });
    // The lease may be lost while the engine works: then the key is not ours to write to any more.
    signal.throwIfAborted();
    const place = { jobId, picture: image, model: spec.model };
    const signed = await withCredentials(credentials, made, pictures, place);
    signal.throwIfAborted();
    await uploads.add(signed);
  }
}

const rounded = ({ gpuMs, loadMs, peakVramBytes }: Meter, seen: number | null): Meter => ({
  gpuMs: Math.round(gpuMs),
  loadMs: Math.round(loadMs),
  // The engine knows its own run; what was seen of the whole card is the second best.
  peakVramBytes: highest(peakVramBytes, peakVramBytes === null ? seen : null),
});

/** Image i of a job has the job's seed plus i, as an unsigned 32-bit integer. */
const seedOf = (seed: number, image: number): number => (seed + image) >>> 0;
