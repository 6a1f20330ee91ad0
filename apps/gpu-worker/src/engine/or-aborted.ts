/**
 * The work's result, or a refusal as soon as the signal aborts, for work that cannot be stopped: it goes
 * on, and nobody hears of it any more.
 *
 * @param reasonOf what to refuse with; the signal's own reason where not said
 */
export async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  reasonOf: () => Error = () => signal.reason as Error,
): Promise<T> {
  let leave = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(reasonOf());
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', leave);
    // Whoever left does not hear of its failure, and nobody else has to.
    work.catch(() => undefined);
  }
}
