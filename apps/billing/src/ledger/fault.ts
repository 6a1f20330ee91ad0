import { codeOf, isTransient, isUnreachable } from '@safelight/postgres';

/**
 * Why a batch was not stored: `outdated` when what this process remembered of the ledger was no
 * longer so, `stale` when another process was faster than a batch that had just been read for, so
 * that deciding again helps; `unreachable` when the database or the connection went away, so that
 * waiting helps; `faulty` when trying the same again cannot help.
 */
export type Fault = 'outdated' | 'stale' | 'unreachable' | 'faulty';

/** Another process took the place of a transaction, or its id. */
const uniqueViolation = '23505';

/** The fault of a batch that was decided from what had just been read. */
export function faultOf(error: unknown): Exclude<Fault, 'outdated'> {
  if (codeOf(error) === uniqueViolation || isTransient(error)) return 'stale';
  return isUnreachable(error) ? 'unreachable' : 'faulty';
}
