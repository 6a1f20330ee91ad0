import type { QueuedJob, WorkerView } from '../../schedule/fair-queue.js';
import type { ForwardWorker, Runtime } from '../../schedule/run-forward.js';
import type { Work } from '../../schedule/speed.js';

const WARM_MAX = 2;
const MODELS = 12;

/** A GPU with one slot, which keeps the models that it used last. */
export interface SimulatedWorker extends WorkerView {
  readonly warm: Set<string>;
  running: { readonly job: QueuedJob; readonly sinceMs: number; readonly cold: boolean } | undefined;
}

/** The workers of the simulated world, and what is known of their jobs. */
export class SimulatedFleet {
  private readonly workers: SimulatedWorker[];
  private readonly works = new Map<string, Work>();

  constructor(
    gpus: number,
    private readonly runtime: (work: Work) => Runtime,
  ) {
    const models = new Set(Array.from({ length: MODELS }, (_, model) => `m${model}`));
    this.workers = Array.from({ length: gpus }, () => {
      return { models, warm: new Set<string>(), running: undefined };
    });
  }

  learnOf(jobId: string, work: Work): void {
    this.works.set(jobId, work);
  }

  /** Of a job that has not come by what it was predicted to take. */
  runtimeOf({ jobId, predictedGpuMs }: QueuedJob): Runtime {
    const work = this.works.get(jobId);
    if (work === undefined) return { p50Ms: predictedGpuMs, p90Ms: predictedGpuMs };
    return this.runtime(work);
  }

  idle(): SimulatedWorker[] {
    return this.workers.filter(({ running }) => running === undefined);
  }

  warmSlots(model: string): number {
    return this.workers.filter(({ warm }) => warm.has(model)).length;
  }

  /** @returns whether it has to load the model first */
  start(worker: SimulatedWorker, job: QueuedJob, nowMs: number): boolean {
    const cold = !worker.warm.delete(job.model);
    worker.warm.add(job.model);
    const [oldest] = worker.warm;
    if (worker.warm.size > WARM_MAX && oldest !== undefined) worker.warm.delete(oldest);
    worker.running = { job, sinceMs: nowMs, cold };
    return cold;
  }

  end(worker: SimulatedWorker, jobId: string): void {
    worker.running = undefined;
    this.works.delete(jobId);
  }

  /** As a forecast sees them: when each will probably be free. */
  forward(nowMs: number, loadMs: (model: string) => number): ForwardWorker[] {
    return this.workers.map((worker) => {
      const { models, warm, running } = worker;
      if (running === undefined) return { models, warm, warmMax: WARM_MAX, slots: [{ freeAtMs: nowMs }] };
      const { job, sinceMs, cold } = running;
      const { p50Ms } = this.runtimeOf(job);
      const freeAtMs = sinceMs + p50Ms + (cold ? loadMs(job.model) : 0);
      return { models, warm, warmMax: WARM_MAX, slots: [{ freeAtMs, jobId: job.jobId }] };
    });
  }
}
