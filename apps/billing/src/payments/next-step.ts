import type { Standing } from './fold.js';
import type { Step } from './work.sql.js';

/** What is still to be moved; `null` when the ledger has been told everything. Pure. */
export function nextStep(
  { standingMicros, refundedCents, disputedCents }: Standing,
  steps: readonly Step[],
): Omit<Step, 'movedMicros'> | null {
  const told = steps.reduce((sum, { wantedMicros }) => sum + wantedMicros, 0n);
  const wantedMicros = standingMicros - told;
  if (wantedMicros === 0n) return null;
  const step = steps.length + 1;
  const back = `refunded ${refundedCents} and disputed ${disputedCents} cents so far`;
  return { step, wantedMicros, cause: refundedCents + disputedCents === 0 ? 'paid' : back };
}

/**
 * What customers had spent already when it was to be taken back, and have kept so: given back first
 * when a dispute is won, or they would have it twice. In micro-credits.
 */
export const keptBeyond = (steps: readonly Step[]): bigint =>
  steps.reduce(
    (sum, { wantedMicros, movedMicros }) =>
      movedMicros === null ? sum : sum + movedMicros - wantedMicros,
    0n,
  );
