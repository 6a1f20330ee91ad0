import { FairQueue, type QueuedJob, type WorkerView } from '../schedule/fair-queue.js';
import { IndexedHeap } from '../schedule/indexed-heap.js';
import type { FleetView } from '../schedule/queued-job.js';
import { DEFAULT_RULES } from '../schedule/rules.js';

/** A way to decide who is next. */
export interface Policy {
  add(job: QueuedJob): void;
  take(worker: WorkerView, nowMs: number): QueuedJob | undefined;
  settle(jobId: string, gpuMs: number): void;
  readonly size: number;
}

export const POLICIES = {
  fifo: () => new FirstCome(false),
  'warm-first': () => new FirstCome(true),
  fair: (fleet) => new Ours(fleet, false),
  ours: (fleet) => new Ours(fleet, true),
} as const satisfies Record<string, (fleet: FleetView) => Policy>;

export type PolicyName = keyof typeof POLICIES;

/** First come, first served; perhaps those first whose model is loaded. */
class FirstCome implements Policy {
  private readonly queues = new Map<string, IndexedHeap<QueuedJob, number>>();
  size = 0;

  constructor(private readonly warmFirst: boolean) {}

  add(job: QueuedJob): void {
    const queue = this.queues.get(job.model) ?? new IndexedHeap((a, b) => a < b);
    this.queues.set(job.model, queue);
    queue.set(job, job.sequence);
    this.size += 1;
  }

  take({ warm }: WorkerView): QueuedJob | undefined {
    const loaded = this.warmFirst ? this.first(warm) : undefined;
    const job = loaded ?? this.first(this.queues.keys());
    if (job === undefined) return undefined;
    this.queues.get(job.model)?.delete(job);
    this.size -= 1;
    return job;
  }

  settle(): void {
    // Whoever came first does not care what others cost.
  }

  private first(models: Iterable<string>): QueuedJob | undefined {
    let best: QueuedJob | undefined;
    for (const model of models) {
      const job = this.queues.get(model)?.peek()?.key;
      if (job !== undefined && (best === undefined || job.sequence < best.sequence)) best = job;
    }
    return best;
  }
}

/** The dispatcher's own schedule; without affinity it is blind to what is loaded. */
class Ours implements Policy {
  private readonly queue: FairQueue;

  constructor(
    fleet: FleetView,
    private readonly affinity: boolean,
  ) {
    this.queue = new FairQueue(fleet, DEFAULT_RULES);
  }

  get size(): number {
    return this.queue.size;
  }

  add(job: QueuedJob): void {
    this.queue.add(job);
  }

  take(worker: WorkerView, nowMs: number): QueuedJob | undefined {
    const seen = this.affinity ? worker : { ...worker, warm: worker.models };
    return this.queue.take(seen, nowMs)?.job;
  }

  settle(jobId: string, gpuMs: number): void {
    this.queue.settle(jobId, gpuMs);
  }
}
