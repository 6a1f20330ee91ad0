import { EgressRefused } from './egress-refused.js';

/**
 * Runs `work` for at most `timeoutMs` milliseconds, or until the caller's signal. The work's own
 * signal tells it to stop; work that does not listen is left behind.
 * @throws EgressRefused `egress.timeout`; the reason of the caller's signal; whatever the work throws.
 */
export async function within<T>(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  caller?.throwIfAborted();
  const stopping = new AbortController();
  const stop = () => stopping.abort(caller?.reason);
  caller?.addEventListener('abort', stop, { once: true });
  const late = () =>
    stopping.abort(new EgressRefused('egress.timeout', { limit: `${timeoutMs} ms` }));
  const timer = setTimeout(late, timeoutMs);
  try {
    return await Promise.race([work(stopping.signal), rejectionOf(stopping.signal)]);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', stop);
  }
}

const rejectionOf = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
