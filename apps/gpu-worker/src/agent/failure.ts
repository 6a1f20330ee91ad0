import { DomainError } from '@safelight/event-sourcing';
import { EngineCancelled, EngineError } from '../engine/engine.js';
import { FAILURE_ASKED_FOR } from './act-out.js';
import { InputBroken } from './inputs.js';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** Tells the dispatcher that the work was given back unharmed. */
export const HANDED_BACK: Failure = {
  ...{ code: 'worker.draining', message: 'The worker stops.', retryable: true },
};

export const ENGINE_LOST: Failure = {
  ...{ code: 'engine.lost', message: 'The engine was lost.', retryable: true },
};

/** What no other worker with this model would do better. */
const HOPELESS = new Set([
  'engine.request_invalid',
  'engine.graph_invalid',
  'engine.reference_unreadable',
  'engine.control_unreadable',
  'engine.face_unreadable',
  'engine.image_unreadable',
  'engine.image_size',
  'engine.mask_unreadable',
  'engine.mask_size',
  'engine.region_not_found',
  // Its size follows from what was asked for; a file that is merely broken may be whole elsewhere.
  'engine.output_too_large',
  'engine.face_unreadable',
  'engine.face_not_found',
  'engine.video_unreadable',
  FAILURE_ASKED_FOR,
]);

/** Messages of unknown errors may hold anything: they stay in the log. */
export function failureOf(error: unknown): Failure {
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
