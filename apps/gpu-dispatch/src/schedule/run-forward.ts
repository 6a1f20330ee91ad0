import type { FairQueue, QueuedJob, WorkerView } from './fair-queue.js';
import type { Arrival, ForwardOptions, ForwardWorker } from './forward-options.js';
import { IndexedHeap } from './indexed-heap.js';
import { WarmSlots } from './warm-slots.js';

export type {
  Arrival,
  ForwardOptions,
  ForwardSlot,
  ForwardWorker,
  Runtime,
} from './forward-options.js';

/** What the run tells of a job that waits. Times: epoch ms. */
export interface Forecast {
  readonly job: QueuedJob;
  /** Jobs that were taken before it, of those that wait already; 0 is next. */
  readonly position: number;
  readonly startMs: Quantiles;
  readonly finishMs: Quantiles;
  /** How long its model loads before; 0 where it is loaded. */
  readonly loadMs: number;
}
export interface Quantiles {
  readonly p50: number;
  readonly p90: number;
}

/** Of the standard normal distribution. */
const Z90 = 1.2816;

interface Slot {
  readonly worker: Runner;
  jobId: string | undefined;
  p50Ms: number;
  /** Variance of what ran on this slot since the run began, ms². */
  variance: number;
}

/** A worker in the run: a view whose loaded models change, the one used last at the end. */
interface Runner extends WorkerView {
  readonly warm: Set<string>;
  readonly warmMax: number;
}

/**
 * A run of the schedule: the same decisions on a copy of the queue, with predicted runtimes, and nobody
 * new but who is expected; it tells one forecast after the other, in the order in which jobs will be
 * taken. The middle way goes by medians; the spread is that of the jobs that run one after the other on
 * the slot, taken as independent and normal, which is rough for few jobs.
 */
export class ForwardRun {
  private readonly queue: FairQueue;
  private readonly slots = new IndexedHeap<Slot, number>((a, b) => a < b);
  private readonly warmSlots = new WarmSlots();
  private readonly loadsMs = new Map<string, number>();
  /** Slots that found nothing: they look again when a job has ended. */
  private idle: Slot[] = [];
  private made = 0;
  private ended = false;
  private reachedMs: number;
  private position = 0;
  /** Jobs that waited when the run began and have not been taken. */
  private left: number;
  private readonly arrived = new Set<string>();
  private nextArrival: Arrival | undefined;

  constructor(
    queue: FairQueue,
    private readonly options: ForwardOptions,
  ) {
    this.queue = queue.clone({
      warmSlots: (job) => this.warmSlots.of(job),
      loadMs: (model) => this.supposedLoadMs(model),
    });
    for (const job of options.also ?? []) if (!this.queue.has(job.jobId)) this.queue.add(job);
    this.left = this.queue.size;
    this.reachedMs = options.nowMs;
    for (const worker of options.workers) this.enter(worker);
    this.nextArrival = this.readArrival();
  }

  /** Choices so far, and jobs that came. */
  get decisions(): number {
    return this.made;
  }

  /** The moment of the run, epoch ms. */
  get atMs(): number {
    return this.reachedMs;
  }

  /** What is served before a job that its account adds at this moment of the run, in GPU milliseconds. */
  workAhead(job: QueuedJob, models: ReadonlySet<string>): number {
    return this.queue.workAhead(job, models).gpuMs;
  }

  /** Whether it has nothing more to tell. */
  get isOver(): boolean {
    return this.ended || this.made >= this.options.decisionsMax || this.left === 0;
  }

  /** @param most decisions, after which nothing is told though the run is not over */
  next(most = Infinity): Forecast | undefined {
    const { nowMs } = this.options;
    const until = this.made + most;
    while (this.made < until && !this.isOver) {
      const top = this.slots.peek();
      if (this.nextArrival !== undefined && this.nextArrival.atMs <= (top?.rank ?? Infinity)) {
        this.arrive(this.nextArrival);
        continue;
      }
      if (top === undefined) {
        this.ended = true;
        return undefined;
      }
      const { key: slot, rank: atMs } = top;
      this.slots.delete(slot);
      this.reachedMs = Math.max(this.reachedMs, atMs);
      this.settle(slot, atMs);
      this.made += 1;
      const taken = this.queue.takeUnexplained(slot.worker, Math.max(nowMs, atMs));
      if (taken === undefined) {
        this.idle.push(slot);
        continue;
      }
      const forecast = this.start(slot, taken, atMs);
      if (!this.arrived.delete(taken.jobId)) return forecast;
    }
    return undefined;
  }

  private enter({ warm, warmMax, slots, ...view }: ForwardWorker): void {
    const worker: Runner = { ...view, warm: new Set(warm), warmMax };
    for (const model of worker.warm) this.warmSlots.count(worker, model, slots.length);
    for (const { freeAtMs, jobId } of slots) {
      const slot = { worker, jobId, p50Ms: 0, variance: 0 };
      this.slots.set(slot, Math.max(this.options.nowMs, freeAtMs));
    }
  }

  private settle(slot: Slot, atMs: number): void {
    if (slot.jobId === undefined) return;
    this.queue.settle(slot.jobId, slot.p50Ms);
    slot.jobId = undefined;
    this.wake(atMs);
  }

  /** Those that found nothing look again. */
  private wake(atMs: number): void {
    for (const idle of this.idle) this.slots.set(idle, atMs);
    this.idle = [];
  }

  private readArrival(): Arrival | undefined {
    const next = this.options.arrivals?.next();
    return next === undefined || next.done === true ? undefined : next.value;
  }

  private arrive({ job, atMs }: Arrival): void {
    // Somebody must end: only arrivals for ever would never be the end of a run.
    this.made += 1;
    this.queue.add(job);
    this.arrived.add(job.jobId);
    this.wake(atMs);
    this.nextArrival = this.readArrival();
  }

  private start(slot: Slot, job: QueuedJob, atMs: number): Forecast {
    const runtime = this.options.runtimeOf(job);
    const loadMs = this.load(slot.worker, job.model);
    const p50 = atMs + loadMs + runtime.p50Ms;
    const before = slot.variance;
    slot.variance += ((runtime.p90Ms - runtime.p50Ms) / Z90) ** 2;
    slot.jobId = job.jobId;
    slot.p50Ms = runtime.p50Ms;
    this.slots.set(slot, p50);
    const position = this.position;
    if (!this.arrived.has(job.jobId)) {
      this.position += 1;
      this.left -= 1;
    }
    return {
      ...{ job, position, loadMs },
      startMs: { p50: atMs, p90: atMs + Z90 * Math.sqrt(before) },
      finishMs: { p50, p90: p50 + Z90 * Math.sqrt(slot.variance) },
    };
  }

  /** Asked for at every choice, and the same throughout a run. */
  private supposedLoadMs(model: string): number {
    let loadMs = this.loadsMs.get(model);
    if (loadMs === undefined) {
      loadMs = this.options.loadMs(model);
      this.loadsMs.set(model, loadMs);
    }
    return loadMs;
  }

  /** @returns how long the worker loads, 0 where the model is loaded */
  private load(worker: Runner, model: string): number {
    const warm = worker.warm.delete(model);
    worker.warm.add(model);
    if (warm) return 0;
    this.warmSlots.count(worker, model, 1);
    const [oldest] = worker.warm;
    if (worker.warm.size > worker.warmMax && oldest !== undefined) {
      worker.warm.delete(oldest);
      this.warmSlots.count(worker, oldest, -1);
    }
    return this.options.loadTakesMs?.(model) ?? this.supposedLoadMs(model);
  }
}
