import { DomainError } from '@safelight/event-sourcing';

/** A model is served for this long after the last worker that offered it was heard of. */
const OFFER_LIFE_MS = 30_000;
const RETRY_MAX_SECONDS = 300;
const RETRY_UNSERVED_SECONDS = 30;

/** What is known about the model and the queue when a job asks to be admitted. */
export interface Prospects {
  /** Time since a worker last offered the model. */
  readonly silentMs: number;
  readonly slots: number;
  readonly free: number;
  /** What would be served before the job. */
  readonly ahead: { readonly jobs: number; readonly gpuMs: number };
  /** What the running jobs still need, in GPU milliseconds. */
  readonly runningGpuMs: number;
  /** The job's own need. */
  readonly ownGpuMs: number;
}

/**
 * When the job would be done, by the work before it, spread over all slots that serve its model.
 *
 * @throws DomainError `dispatch.unavailable` when nobody serves the model, or the wait is too long
 */
export function forecast(prospects: Prospects, maxWaitMs: number): { etaSeconds: number } {
  const { silentMs, slots, free, ahead, runningGpuMs, ownGpuMs } = prospects;
  if (silentMs > OFFER_LIFE_MS) throw unavailable(RETRY_UNSERVED_SECONDS);
  const atOnce = free > 0 && ahead.jobs === 0;
  const waitMs = atOnce ? 0 : (ahead.gpuMs + runningGpuMs) / Math.max(1, slots);
  if (waitMs > maxWaitMs) {
    throw unavailable(Math.min(RETRY_MAX_SECONDS, Math.ceil((waitMs - maxWaitMs) / 1_000)));
  }
  return { etaSeconds: Math.ceil((waitMs + ownGpuMs) / 1_000) };
}

/** @returns the refusal of a job that cannot be served at present */
export const unavailable = (retryAfterSeconds: number): DomainError =>
  new DomainError('dispatch.unavailable', { retryAfterSeconds });
