import { IndexedHeap } from '../schedule/indexed-heap.js';
import { LoadTimes } from '../schedule/load-times.js';
import { Fleet, type Gpu } from './fleet.js';
import { Measures, type Outcome } from './measures.js';
import { POLICIES, type Policy, type PolicyName } from './policies.js';
import { Random } from './random.js';
import {
  loadTime,
  queuedJobOf,
  workload,
  type SimulatedJob,
  type WorkloadOptions,
} from './workload.js';

/** A slot that was kept free looks again after so long, as a worker's heartbeat makes it do. */
const LOOK_AGAIN_MS = 5_000;

/** Runs a fleet by one policy until all its jobs are done. The clock is the simulation's own. */
export function simulate(name: PolicyName, options: WorkloadOptions): Outcome {
  return new Simulation(name, options).run();
}

class Simulation {
  private readonly fleet: Fleet;
  private readonly policy: Policy;
  private readonly loads = new LoadTimes();
  private readonly measures: Measures;
  /** Draws load times only: the workload is the same under every policy. */
  private readonly random: Random;
  private readonly busy = new IndexedHeap<Gpu, number>((a, b) => a < b);
  private readonly running = new Map<Gpu, SimulatedJob>();
  private readonly jobs = new Map<string, SimulatedJob>();

  constructor(
    name: PolicyName,
    private readonly options: WorkloadOptions,
  ) {
    this.random = new Random(options.seed + 1);
    this.fleet = new Fleet(options.gpus, this.random);
    this.policy = POLICIES[name]({
      warmSlots: ({ model }) => this.fleet.warmSlots(model),
      loadMs: (model) => this.loads.loadMs(model),
    });
    this.measures = new Measures(name, options);
  }

  run(): Outcome {
    for (const job of workload(this.options)) {
      this.until(job.arrivesMs);
      this.arrive(job);
    }
    this.until(Infinity);
    if (this.policy.size > 0) throw new Error(`${this.policy.size} jobs were never served`);
    return this.measures.outcome();
  }

  private until(endMs: number): void {
    for (let top = this.busy.peek(); top && top.rank <= endMs; top = this.busy.peek()) {
      this.busy.delete(top.key);
      this.free(top.key, top.rank);
    }
  }

  private arrive(job: SimulatedJob): void {
    this.jobs.set(String(job.id), job);
    this.measures.arrived(job);
    this.policy.add(queuedJobOf(job));
    const gpu = this.fleet.pick(job.model);
    if (gpu !== undefined) this.give(gpu, job.arrivesMs);
  }

  private free(gpu: Gpu, nowMs: number): void {
    const job = this.running.get(gpu);
    if (job !== undefined) {
      this.running.delete(gpu);
      this.policy.settle(String(job.id), job.gpuMs);
    }
    this.give(gpu, nowMs);
  }

  private give(gpu: Gpu, nowMs: number): void {
    const startedMs = performance.now();
    const taken = this.policy.take({ models: this.fleet.models, warm: gpu.warm }, nowMs);
    if (taken === undefined) {
      this.fleet.rest(gpu);
      if (this.policy.size > 0) this.busy.set(gpu, nowMs + LOOK_AGAIN_MS);
      return;
    }
    this.measures.decided((performance.now() - startedMs) * 1_000);
    this.fleet.begin(gpu);
    const job = this.jobs.get(taken.jobId);
    if (job === undefined) throw new Error(`job ${taken.jobId} was served twice`);
    this.jobs.delete(taken.jobId);
    const loadMs = this.fleet.load(gpu, job.model) ? loadTime(this.random) : 0;
    if (loadMs > 0) this.loads.learn(job.model, loadMs);
    this.running.set(gpu, job);
    this.measures.started(job, nowMs, loadMs);
    this.busy.set(gpu, nowMs + loadMs + job.gpuMs);
  }
}
