import type { Standing } from './fold.js';
import type { BackReason } from './purchases.js';

/** A step of a top-up: what the ledger is to be told, and what came of it. */
export interface Step {
  /** From 1, without gaps. */
  readonly step: number;
  /** Above zero: credits to give; below: to take back. */
  readonly wantedMicros: bigint;
  readonly cause: 'paid' | 'restored' | BackReason;
  /** `null` while nobody knows. */
  readonly movedMicros: bigint | null;
}

/** What is still to be moved; `null` when the ledger has been told everything. Pure. */
export function nextStep(
  { standingMicros, disputedCents }: Standing,
  steps: readonly Step[],
): Omit<Step, 'movedMicros'> | null {
  const told = steps.reduce((sum, { wantedMicros }) => sum + wantedMicros, 0n);
  const wantedMicros = standingMicros - told;
  if (wantedMicros === 0n) return null;
  const step = steps.length + 1;
  if (wantedMicros > 0n) return { step, wantedMicros, cause: step === 1 ? 'paid' : 'restored' };
  return { step, wantedMicros, cause: disputedCents > 0 ? 'chargeback' : 'refunded_payment' };
}

/**
 * What customers had spent already when it was to be taken back, and have kept so: it counts as given
 * back when a dispute is won, or they would have it twice. In micro-credits.
 */
export const keptBeyond = (steps: readonly Step[]): bigint =>
  steps.reduce(
    (sum, { wantedMicros, movedMicros }) =>
      movedMicros === null ? sum : sum + movedMicros - wantedMicros,
    0n,
  );

/** A step that gave credits, and what of them is to be reversed. */
export interface Part {
  readonly step: number;
  readonly amountMicros: bigint;
}

/**
 * Which credits the step takes back: those of the earliest first, and of each no more than it gave.
 * The same for every try, since it looks at earlier steps alone. Together less than is wanted where
 * something was reversed before and could not be taken: that is a loss already.
 */
export function partsOf({ step: at }: Step, steps: readonly Step[]): Part[] {
  const left = new Map<number, bigint>();
  let parts: Part[] = [];
  for (const { step, wantedMicros, movedMicros } of steps) {
    if (step > at) break;
    if (wantedMicros > 0n) left.set(step, movedMicros ?? 0n);
    else parts = takeFrom(left, -wantedMicros);
  }
  return parts;
}

function takeFrom(left: Map<number, bigint>, wantedMicros: bigint): Part[] {
  let open = wantedMicros;
  const parts: Part[] = [];
  for (const [step, micros] of left) {
    const amountMicros = micros < open ? micros : open;
    if (amountMicros === 0n) continue;
    parts.push({ step, amountMicros });
    left.set(step, micros - amountMicros);
    open -= amountMicros;
  }
  return parts;
}
