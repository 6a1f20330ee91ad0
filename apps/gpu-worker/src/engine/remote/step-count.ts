import type { EngineProgress } from '../engine.js';

/**
 * Counts the steps of all sampler nodes of a graph as one row, whatever order the server runs them in.
 * Each step is told once and in order; frames that come twice, late or not at all change nothing of that.
 */
export class StepCount {
  readonly #done = new Map<string, number>();
  readonly #total: number;
  #told = 0;

  /** @param steps of each sampler node; progress of other nodes does not count */
  constructor(
    private readonly steps: Readonly<Record<string, number>>,
    private readonly tell: (progress: EngineProgress) => void,
  ) {
    const sum = Object.values(steps).reduce((all, one) => all + one, 0);
    this.#total = Math.max(1, sum);
  }

  /** @param share of the node's own work that is done, 0..1 */
  report(node: string, share: number): void {
    const steps = this.steps[node];
    if (steps === undefined) return;
    const done = Math.floor(share * steps + 1e-9);
    if (done <= (this.#done.get(node) ?? 0)) return;
    this.#done.set(node, done);
    this.#tellUpTo([...this.#done.values()].reduce((all, one) => all + one, 0));
  }

  /** Everything is done, also what no frame spoke of. */
  finish(): void {
    this.#tellUpTo(this.#total);
  }

  #tellUpTo(step: number): void {
    while (this.#told < Math.min(step, this.#total)) {
      this.#told += 1;
      this.tell({ step: this.#told, steps: this.#total });
    }
  }
}
