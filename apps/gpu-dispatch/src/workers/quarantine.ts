/** A worker that gets no work. Times are of the wall clock: they outlive the process. */
export interface Quarantine {
  readonly workerId: string;
  /** The dispatcher's ends when the worker has proved itself; an operator's when they say so. */
  readonly placedBy: 'dispatcher' | 'operator';
  readonly reason: string;
  /** How often in a row; each makes it longer. */
  readonly strikes: number;
  readonly since: Date;
  /** When the worker may prove itself; `null`: not by itself. */
  readonly provesAt: Date | null;
  /** When it ended; `null` while it is in force. Kept for a day, for the strikes. */
  readonly endedAt: Date | null;
}

/** Strikes are remembered for so long after the end. */
export const STRIKES_KEPT_MS = 24 * 60 * 60_000;
const LONGEST_MS = 4 * 60 * 60_000;
/** The dispatcher by itself puts no more than this part of the workers away. */
const MOST_SHARE = 1 / 4;

export const isInForce = (quarantine: Quarantine | undefined): quarantine is Quarantine =>
  quarantine?.endedAt === null;

/**
 * The quarantine that follows on what went before: twice as long after each strike, four hours at
 * most. An operator's is left as it is.
 *
 * @param firstMs how long the first one lasts
 */
export function struck(
  workerId: string,
  before: Quarantine | undefined,
  reason: string,
  { now, firstMs }: { readonly now: Date; readonly firstMs: number },
): Quarantine {
  if (isInForce(before) && before.placedBy === 'operator') return before;
  const strikes = (before?.strikes ?? 0) + 1;
  const lengthMs = Math.min(LONGEST_MS, firstMs * 2 ** (strikes - 1));
  const provesAt = new Date(now.getTime() + lengthMs);
  const since = isInForce(before) ? before.since : now;
  return {
    ...{ workerId, placedBy: 'dispatcher', reason, strikes, since, provesAt },
    endedAt: null,
  };
}

/** Whether it is time for the worker to prove itself. */
export const isDueToProve = (quarantine: Quarantine | undefined, now: Date): boolean =>
  isInForce(quarantine) && quarantine.provesAt !== null && quarantine.provesAt <= now;

/**
 * Whether one more worker may be put away by the dispatcher itself. A fleet in which everybody fails
 * has another trouble than its workers, and half of them would not cure it; the only worker stays, and
 * so does the only one of its pool with some model, which this does not know of.
 *
 * @param workers that are there, those in quarantine included
 * @param away those that are in quarantine already
 */
export const mayPutAway = (workers: number, away: number): boolean =>
  workers > 1 && away + 1 <= Math.max(1, Math.floor(workers * MOST_SHARE));
