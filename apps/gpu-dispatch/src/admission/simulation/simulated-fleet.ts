import type { QueuedJob, WorkerView } from '../../schedule/fair-queue.js';
import type { ForwardWorker, Runtime } from '../../schedule/run-forward.js';
import { leftOf, type Load } from '../../schedule/draws.js';
import { GENTD26 } from '../../simulator/gentd26.js';
import { ranked, Weighted, type Random } from '../../simulator/random.js';

const WARM_MAX = 2;
/** How much more nine of ten jobs take at most than was predicted; log-normal, sigma 0.2. */
const P90_FACTOR = Math.exp(1.2816 * 0.2);

/** A GPU with one slot, which keeps the models that it used last. */
export interface SimulatedWorker extends WorkerView {
  readonly warm: Set<string>;
  running:
    | { readonly job: QueuedJob; readonly sinceMs: number; readonly cold: boolean }
    | undefined;
}

/** The workers of the simulated world, and what is known of their jobs. */
export class SimulatedFleet {
  private readonly workers: SimulatedWorker[];
  private readonly warmed = new Map<string, number>();

  /** Begins with models loaded as often as they are asked for. */
  constructor(gpus: number, random: Random) {
    const weights = ranked(GENTD26.models);
    const popular = new Weighted(weights);
    const models = new Set(weights.map((_, index) => `model-${index + 1}`));
    this.workers = Array.from({ length: gpus }, () => {
      const warm = new Set<string>();
      while (warm.size < WARM_MAX) warm.add(`model-${popular.draw(random) + 1}`);
      for (const model of warm) this.count(model, 1);
      return { models, warm, running: undefined };
    });
  }

  runtimeOf({ predictedGpuMs }: QueuedJob): Runtime {
    return { p50Ms: predictedGpuMs, p90Ms: predictedGpuMs * P90_FACTOR };
  }

  idle(): SimulatedWorker[] {
    return this.workers.filter(({ running }) => running === undefined);
  }

  warmSlots(model: string): number {
    return this.warmed.get(model) ?? 0;
  }

  /** @returns whether it has to load the model first */
  start(worker: SimulatedWorker, job: QueuedJob, nowMs: number): boolean {
    const cold = !worker.warm.delete(job.model);
    worker.warm.add(job.model);
    if (cold) this.count(job.model, 1);
    const [oldest] = worker.warm;
    if (worker.warm.size > WARM_MAX && oldest !== undefined) {
      worker.warm.delete(oldest);
      this.count(oldest, -1);
    }
    worker.running = { job, sinceMs: nowMs, cold };
    return cold;
  }

  /** As a forecast sees them: when each will probably be free. */
  forward(nowMs: number, loadOf: (model: string) => Load | undefined): ForwardWorker[] {
    return this.workers.map(({ models, warm, running }) => {
      const view = { models, warm, warmMax: WARM_MAX };
      if (running === undefined) return { ...view, slots: [{ freeAtMs: nowMs }] };
      const { job, sinceMs, cold } = running;
      const load = cold ? loadOf(job.model) : undefined;
      const underway = { elapsedMs: nowMs - sinceMs, runtime: this.runtimeOf(job), load };
      const freeAtMs = nowMs + leftOf(underway);
      return { ...view, slots: [{ freeAtMs, jobId: job.jobId, underway }] };
    });
  }

  private count(model: string, more: number): void {
    this.warmed.set(model, this.warmSlots(model) + more);
  }
}
