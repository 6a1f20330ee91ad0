import type { Worker } from './worker.js';

/** A worker as the roster keeps it. */
export type Known = { -readonly [Key in keyof Worker]: Worker[Key] };

/** Of those that are free for a model. */
export const keyOf = (pool: string, model: string): string => `${pool} ${model}`;

/** Puts the worker at the end of those that are free, or out. */
export function place(
  places: Map<string, Set<Known>>,
  key: string,
  worker: Known,
  belongs: boolean,
): void {
  const workers = places.get(key) ?? new Set<Known>();
  places.set(key, workers);
  workers.delete(worker);
  if (belongs && worker.free > 0) workers.add(worker);
}
