/** Resolves when the work is done, when the time is over, or when `hurry` aborts. */
export async function within(
  ms: number,
  work: Promise<unknown>,
  hurry?: AbortSignal,
): Promise<void> {
  let end: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = setTimeout(end, ms);
  hurry?.addEventListener('abort', end, { once: true });
  if (hurry?.aborted === true) end();
  await Promise.race([work, late]);
  clearTimeout(timer);
  hurry?.removeEventListener('abort', end);
}
