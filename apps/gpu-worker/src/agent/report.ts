import { completeAttempt, failAttempt, stopAttempt } from '@safelight/contracts';
import type { Outcome } from './attempt.js';
import { ENGINE_LOST, HANDED_BACK, type Failure } from './failure.js';
import type { HeldLease } from './held-lease.js';
import { insist } from './insist.js';
import type { WorkerParts } from './worker-parts.js';

/** How long a worker tries to say what an attempt had used that nobody waits for. */
const USE_PATIENCE_MS = 30_000;

/** What became of a report. `unknown`: nobody has answered it while the lease was ours. */
type Reception = 'accepted' | 'superseded' | 'unknown' | 'unsent';

/**
 * Brings the outcome to the dispatcher, however long that takes, while the lease is ours; then sees to
 * it that what nobody will use is counted and cleared away.
 *
 * @returns whether the dispatcher was out of reach for a while
 */
export async function report(
  parts: WorkerParts,
  held: HeldLease,
  outcome: Outcome,
): Promise<boolean> {
  let troubled = false;
  const onTrouble = (error: unknown) => {
    troubled = true;
    parts.telemetry.logger.debug({ err: error, ...logged(held) }, 'a report was not taken yet');
  };
  const received = await tellEnd(parts, held, { outcome, onTrouble });
  if (received === 'accepted' && outcome.kind === 'completed') return troubled;
  const { gpuMs, loadMs } = outcome.used;
  parts.metrics.wasted(wasteOf(held, outcome, received), gpuMs + loadMs);
  // An answer that was not heard may have said that these are the job's outputs.
  if (received !== 'unknown') clear(parts, held, outcome);
  if (received !== 'accepted') await tellUse(parts, held, outcome);
  return troubled;
}

async function tellEnd(
  parts: WorkerParts,
  held: HeldLease,
  { outcome, onTrouble }: { outcome: Outcome; onTrouble: (error: unknown) => void },
): Promise<Reception> {
  if (held.isLost) return 'unsent';
  const { requests, telemetry } = parts;
  const head = headOf(parts, held, outcome);
  const failure = failureIn(held, outcome);
  const ask = () =>
    failure === undefined
      ? requests.request(completeAttempt, { ...head, outputs: outcome.uploads.outputs })
      : requests.request(failAttempt, { ...head, ...failure });
  try {
    const { accepted } = await insist(ask, { signal: held.reportSignal, onTrouble });
    if (accepted) return 'accepted';
    telemetry.logger.warn(logged(held), 'superseded: the report changed nothing');
    return 'superseded';
  } catch (error) {
    if (!held.reportSignal.aborted) throw error;
    return 'unknown';
  }
}

/** Of what is not ours any more the dispatcher still wants to know what it used. Best effort. */
async function tellUse(parts: WorkerParts, held: HeldLease, outcome: Outcome): Promise<void> {
  const { requests, telemetry } = parts;
  const ask = () => requests.request(stopAttempt, headOf(parts, held, outcome));
  const patience = { signal: held.silence, untilMs: Date.now() + USE_PATIENCE_MS };
  await insist(ask, patience).catch((error: unknown) => {
    telemetry.logger.info({ err: error, ...logged(held) }, 'what it used was not told');
  });
}

function clear({ telemetry }: WorkerParts, held: HeldLease, { uploads }: Outcome): void {
  uploads.discard().catch((error: unknown) => {
    telemetry.logger.warn({ err: error, ...logged(held) }, 'outputs that nobody wants are left');
  });
}

const headOf = (
  { workerId, incarnation }: WorkerParts,
  { assignment: { jobId, attempt } }: HeldLease,
  { used }: Outcome,
) => ({ workerId, incarnation, jobId, attempt, ...used });

/** `undefined` for an attempt that is completed. */
function failureIn(held: HeldLease, outcome: Outcome): Failure | undefined {
  if (outcome.kind === 'completed') return undefined;
  if (outcome.kind === 'stopped') return held.reason === 'engine' ? ENGINE_LOST : HANDED_BACK;
  const { code, message, retryable } = outcome;
  return { code, message, retryable };
}

function wasteOf(held: HeldLease, { kind }: Outcome, received: Reception): string {
  if (received === 'superseded') return 'superseded';
  if (held.reason !== undefined) return held.reason;
  return kind === 'failed' ? 'failed' : 'unreported';
}

export const logged = ({ assignment: { jobId, attempt } }: HeldLease) => ({
  job_id: jobId,
  attempt,
});
