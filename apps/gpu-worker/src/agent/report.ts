import { completeAttempt, failAttempt } from '@safelight/contracts';
import type { Outcome } from './attempt.js';
import type { HeldLease } from './held-lease.js';
import { insist } from './insist.js';
import type { WorkerParts } from './worker-parts.js';

/** Tells the dispatcher that the work was given back unharmed. */
const HANDED_BACK = {
  ...{ code: 'worker.draining', message: 'The worker stops.', retryable: true },
};

/**
 * Brings the outcome to the dispatcher, however long that takes, while the lease is ours.
 *
 * @returns whether the dispatcher was out of reach for a while
 */
export async function report(
  parts: WorkerParts,
  held: HeldLease,
  outcome: Outcome,
): Promise<boolean> {
  if (held.reason === 'lost') return false;
  const { workerId, incarnation, requests, telemetry } = parts;
  const { jobId, attempt } = held.assignment;
  const head = { workerId, incarnation, jobId, attempt, gpuMs: outcome.gpuMs };
  let troubled = false;
  const ask = () =>
    outcome.kind === 'completed'
      ? requests.request(completeAttempt, { ...head, outputs: outcome.outputs })
      : requests.request(failAttempt, {
          ...head,
          ...(outcome.kind === 'failed' ? failureIn(outcome) : HANDED_BACK),
        });
  const onTrouble = (error: unknown) => {
    troubled = true;
    telemetry.logger.debug({ err: error }, 'a report was not taken yet');
  };
  const { accepted } = await insist(ask, { signal: held.reportSignal, onTrouble });
  if (!accepted) telemetry.logger.warn({ attempt }, 'superseded: the report changed nothing');
  return troubled;
}

const failureIn = ({ code, message, retryable }: Extract<Outcome, { kind: 'failed' }>) => ({
  code,
  message,
  retryable,
});
