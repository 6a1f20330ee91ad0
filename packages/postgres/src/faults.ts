/**
 * Class 08 is a broken connection, 57P0x a server that shuts down or does not serve yet, 25006 a
 * primary that has become a standby, 25P03 a session that was ended for idling.
 */
const UNREACHABLE_STATE = /^(08...|57P0[1-5]|53300|25006|25P03)$/;
const UNREACHABLE_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const UNREACHABLE_WORDS =
  /connection (terminated|timeout|error)|timeout exceeded|read timeout|not queryable|connection ended/i;
/** Serialisation failure and deadlock: the same again may well succeed. */
const TRANSIENT_STATE = new Set(['40001', '40P01']);

/** The SQLSTATE or errno that an error carries. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether an error says that the server or the connection to it went away, not that SQL failed. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && (UNREACHABLE_STATE.test(code) || UNREACHABLE_ERRNO.has(code)))
    return true;
  const { cause } = (error ?? {}) as { cause?: unknown };
  if (cause !== undefined && cause !== null) return isUnreachable(cause);
  if (code !== undefined) return false;
  // The driver reports a lost connection by words alone; Node several tries at once as an aggregate.
  const { message, errors } = (error ?? {}) as { message?: unknown; errors?: unknown };
  if (Array.isArray(errors)) return errors.some(isUnreachable);
  return typeof message === 'string' && UNREACHABLE_WORDS.test(message);
}

/** Whether the database chose this database transaction as the victim of a conflict with another. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT_STATE.has(codeOf(error) ?? '');
}
