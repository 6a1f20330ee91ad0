import { DomainError } from '@safelight/event-sourcing';
import type { Load } from '../../schedule/draws.js';
import { FairQueue, type QueuedJob } from '../../schedule/fair-queue.js';
import { IndexedHeap } from '../../schedule/indexed-heap.js';
import { SpeedEstimates } from '../../schedule/speed.js';
import { Random } from '../../simulator/random.js';
import { loadTime, queuedJobOf, workload, type SimulatedJob } from '../../simulator/workload.js';
import type { WorkloadOptions } from '../../simulator/workload.js';
import { Forecaster, type Prospect } from '../forecaster.js';
import { Gate } from '../gate.js';
import { WaitingRoom } from '../waiting-room.js';
import { SimulatedFleet, type SimulatedWorker } from './simulated-fleet.js';

export interface ForesightOptions extends WorkloadOptions {
  /** Jobs that would wait longer are turned away, in milliseconds. */
  readonly maxWaitMs: number;
}

/** What came of a run. */
export interface Foresight {
  /** Jobs that were let in and are done, after the first ones, from which runtimes are learned. */
  readonly outcomes: readonly Outcome[];
  /** Clients that were turned away and came again exactly when they were told to, for the first time. */
  readonly returned: number;
  /** How many of those were let in then. */
  readonly letIn: number;
  /** What the forecasts cost. */
  readonly cost: Forecaster['spending'];
}

/** A job that was let in, what was foreseen then, and what came of it. Times in ms. */
export interface Outcome {
  readonly greedy: boolean;
  readonly cold: boolean;
  readonly foreseen: Prospect;
  /** From submission to the end, and to the beginning. */
  readonly tookMs: number;
  readonly waitMs: number;
  /** What a dispatcher would guess that it runs. */
  readonly predictedGpuMs: number;
}

/** Until so many jobs are done the forecasts are not counted: there is nothing to foresee from. */
const LEARNING = 300;
const COMES_AGAIN_MAX = 10;

interface Told {
  readonly job: SimulatedJob;
  readonly prospect: Prospect;
  readonly atMs: number;
  startedMs: number;
}
/**
 * A fleet in simulated time, with the schedule, the estimates, the forecaster and the gate that serve
 * real requests. Clients that are turned away come again exactly when they are told to.
 */
export function simulateForesight(options: ForesightOptions): Foresight {
  return new Simulation(options).run();
}

class Simulation {
  private nowMs = 0;
  private readonly events = new IndexedHeap<() => void, number>((a, b) => a < b);
  private readonly random: Random;
  /** What the forecaster draws from: what happens shall not depend on how often it does. */
  private readonly luck: Random;
  private readonly speeds = new SpeedEstimates();
  private readonly fleet: SimulatedFleet;
  private readonly queue: FairQueue;
  private readonly forecaster: Forecaster;
  private readonly gate: Gate;
  private readonly told = new Map<string, Told>();
  private readonly outcomes: Outcome[] = [];
  private comes = { returned: 0, letIn: 0 };
  private sequence = 0;

  constructor(private readonly options: ForesightOptions) {
    this.random = new Random(options.seed + 1_000);
    this.luck = new Random(options.seed + 2_000);
    this.fleet = new SimulatedFleet(options.gpus, this.random);
    const loadMs = (model: string) => this.speeds.load(model)?.p50Ms ?? 0;
    this.queue = new FairQueue({ warmSlots: ({ model }) => this.fleet.warmSlots(model), loadMs });
    const source = {
      ...{
        queue: this.queue,
        loadMs,
        loads: (model: string) => this.speeds.loads(model),
        workers: () => this.fleet.forward(this.nowMs, (model) => this.loadOf(model)),
      },
      runtimeOf: (job: QueuedJob) => this.fleet.runtimeOf(job),
    };
    this.forecaster = new Forecaster(source, undefined, { random: () => this.luck.next() });
    this.gate = new Gate(this.forecaster, new WaitingRoom(), () => this.random.next());
  }

  run(): Foresight {
    for (const job of workload(this.options)) this.at(job.arrivesMs, () => this.come(job, 0));
    for (let next = this.events.peek(); next !== undefined; next = this.events.peek()) {
      this.events.delete(next.key);
      this.nowMs = next.rank;
      next.key();
    }
    const outcomes = this.outcomes.slice(LEARNING);
    return { outcomes, ...this.comes, cost: this.forecaster.spending };
  }

  private come(job: SimulatedJob, returns: number): void {
    const jobId = `j${this.sequence}-${returns}`;
    const candidate = { ...queuedJobOf(job), jobId };
    const counts = returns === 1 && this.outcomes.length > LEARNING;
    if (counts) this.comes.returned += 1;
    try {
      const bounds = { waitMs: this.options.maxWaitMs, withinMs: Infinity };
      const prospect = this.gate.enter(candidate, bounds, this.nowMs, true);
      if (counts) this.comes.letIn += 1;
      this.sequence += 1;
      this.queue.add({ ...candidate, sequence: this.sequence, queuedAtMs: this.nowMs });
      this.told.set(jobId, { job, prospect, atMs: this.nowMs, startedMs: 0 });
      this.serve();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.sequence += 1;
      if (returns >= COMES_AGAIN_MAX) return;
      const inMs = Number(error.details['retryAfterSeconds']) * 1_000;
      this.at(this.nowMs + inMs, () => this.come(job, returns + 1));
    }
  }

  private loadOf(model: string): Load | undefined {
    const supposed = this.speeds.load(model);
    return supposed && { seen: this.speeds.loads(model), supposed };
  }

  private serve(): void {
    for (const worker of this.fleet.idle()) {
      const taken = this.queue.take(worker, this.nowMs);
      if (taken === undefined) continue;
      const told = this.told.get(taken.job.jobId);
      if (told === undefined) throw new Error(`${taken.job.jobId} was never let in`);
      told.startedMs = this.nowMs;
      this.forecaster.began(taken.job.jobId, this.nowMs);
      const cold = this.fleet.start(worker, taken.job, this.nowMs);
      const loadMs = cold ? loadTime(this.random) : 0;
      this.at(this.nowMs + loadMs + told.job.gpuMs, () => this.end(worker, taken.job, loadMs));
    }
  }

  private end(worker: SimulatedWorker, { jobId }: QueuedJob, loadMs: number): void {
    const told = this.told.get(jobId);
    if (told === undefined) throw new Error(`${jobId} ended twice`);
    this.told.delete(jobId);
    const { job, prospect: foreseen, atMs, startedMs } = told;
    if (loadMs > 0) this.speeds.learnLoad(job.model, loadMs);
    this.forecaster.ended(jobId, this.nowMs);
    this.queue.settle(jobId, job.gpuMs);
    worker.running = undefined;
    this.outcomes.push({
      ...{ greedy: job.abuser, cold: loadMs > 0, foreseen, predictedGpuMs: job.predictedGpuMs },
      ...{ tookMs: this.nowMs - atMs, waitMs: startedMs - atMs },
    });
    this.serve();
  }

  private at(ms: number, run: () => void): void {
    this.events.set(run, ms);
  }
}
