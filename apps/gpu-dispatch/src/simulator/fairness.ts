import type { Started } from './measures.js';

/** Long enough that one job more or less does not matter. */
const WINDOW_MS = 300_000;

/** A stretch of time, in ms. */
type Stretch = readonly [from: number, to: number];

/**
 * How evenly GPU time went to the accounts that wanted more all the time: Jain's index, (Σx)² / n Σx²,
 * over the accounts that had a job waiting in every moment of a window of five minutes, and the mean
 * over all windows with at least two such accounts.
 *
 * @returns 1 where all got the same, 1/n where one got all; `null` where nobody had to share
 */
export function fairness(starts: readonly Started[]): number | null {
  const accounts = new Map<string, Started[]>();
  for (const one of starts) {
    const own = accounts.get(one.job.accountId) ?? [];
    own.push(one);
    accounts.set(one.job.accountId, own);
  }
  const windows = new Map<number, number[]>();
  for (const own of accounts.values()) {
    for (const window of fullWindows(waitedThrough(own))) {
      const services = windows.get(window) ?? [];
      windows.set(window, services);
      services.push(serviceIn(own, window));
    }
  }
  const shared = [...windows.values()].filter(({ length }) => length > 1);
  if (shared.length === 0) return null;
  return shared.reduce((sum, services) => sum + jain(services), 0) / shared.length;
}

export function jain(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}

/** When the account had at least one job waiting. */
function waitedThrough(own: readonly Started[]): Stretch[] {
  const waits = own.map(({ job, startMs }): Stretch => [job.arrivesMs, startMs]);
  waits.sort(([a], [b]) => a - b);
  const stretches: Stretch[] = [];
  for (const [from, to] of waits) {
    const last = stretches.at(-1);
    if (last === undefined || last[1] < from) stretches.push([from, to]);
    else stretches[stretches.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return stretches;
}

/** The windows, by number, that lie in one of the stretches. */
function* fullWindows(stretches: readonly Stretch[]): Generator<number> {
  for (const [from, to] of stretches) {
    const first = Math.ceil(from / WINDOW_MS);
    for (let window = first; (window + 1) * WINDOW_MS <= to; window += 1) yield window;
  }
}

function serviceIn(own: readonly Started[], window: number): number {
  return own.reduce((sum, { job, startMs }) => {
    return Math.floor(startMs / WINDOW_MS) === window ? sum + job.gpuMs : sum;
  }, 0);
}
