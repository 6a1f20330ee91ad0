import type { Process } from '@safelight/event-sourcing';
import type { Job, JobEvent } from '../job/job.js';
import { evolve, hasEnded, initialState, passedOutputs } from '../job/job.js';

/** What the life of a job asks of other services; each is idempotent by the job's id. */
export type GenerationCommand =
  | { type: 'CheckOutputs' }
  | { type: 'CaptureHold'; numerator: number; denominator: number }
  | { type: 'VoidHold'; reason: string }
  /** Nothing is held for a job of a test key: nobody need be asked how that ends. */
  | { type: 'SettleNothing'; kind: 'captured' | 'voided' };

/**
 * What is due follows from the state alone, so after a crash at any line the same is due again.
 * Ending the job is not a command: the decider ends it in the decision that records its last fact.
 */
export function react(job: Job): GenerationCommand[] {
  if (job.status === 'unknown' || hasEnded(job)) return [];
  if (job.settlement !== null) {
    // Captured by another instance that has not recorded its check: ask again what may be released.
    return job.receipts === null ? [{ type: 'CheckOutputs' }] : [];
  }
  if (job.stop !== null) return [giveBack(job.stop.code, job)];
  if (job.outputs === null) return [];
  if (job.receipts === null) return [{ type: 'CheckOutputs' }];
  return [payFor(passedOutputs(job).length, job)];
}

/** Customers pay for the images that they receive: 3 of 4 made and passed is 3/4 of the price. */
function payFor(passed: number, job: Job): GenerationCommand {
  if (passed === 0) return giveBack('output.blocked', job);
  if (holdsNothing(job)) return { type: 'SettleNothing', kind: 'captured' };
  return { type: 'CaptureHold', numerator: passed, denominator: job.spec?.images ?? passed };
}

const giveBack = (reason: string, job: Job): GenerationCommand =>
  holdsNothing(job) ? { type: 'SettleNothing', kind: 'voided' } : { type: 'VoidHold', reason };

const holdsNothing = (job: Job): boolean => job.priceMicros === 0n;

export const generationProcess: Process<JobEvent, GenerationCommand, Job> = {
  evolve,
  initialState,
  react,
};
