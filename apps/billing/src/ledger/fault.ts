import { codeOf, isTransient, isUnreachable } from '@safelight/postgres';

/**
 * Why a batch was not stored: `stale` when another process was faster, so that deciding again
 * helps; `unreachable` when the database or the connection went away, so that waiting helps;
 * `faulty` when trying the same again cannot help.
 */
export type Fault = 'stale' | 'unreachable' | 'faulty';

/** Another process took the place of an entry, or the id of a transaction, hold or resolution. */
const uniqueViolation = '23505';

export function faultOf(error: unknown): Fault {
  if (codeOf(error) === uniqueViolation || isTransient(error)) return 'stale';
  return isUnreachable(error) ? 'unreachable' : 'faulty';
}
