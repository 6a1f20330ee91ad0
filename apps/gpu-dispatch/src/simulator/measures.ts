import type { PolicyName } from './policies.js';
import { fairness } from './fairness.js';
import type { SimulatedJob, WorkloadOptions } from './workload.js';

/** Seconds. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What came of a run. Shares are of 1. */
export interface Outcome {
  readonly policy: PolicyName;
  /** Jobs whose model had to be loaded first. */
  readonly switches: number;
  /** From arrival to a GPU. */
  readonly waitOfAll: Quantiles;
  readonly waitOfOthers: Quantiles;
  /** From arrival to the first step: the load counted in. */
  readonly startOfOthers: Quantiles;
  /** Over accounts that always wanted more; `null` where no two did. */
  readonly jain: number | null;
  /** GPU time spent on pictures, of all that there was until the last job came. */
  readonly goodput: number;
  readonly decisionMicros: { readonly p50: number; readonly p99: number };
  readonly decisions: number;
  /** How many jobs waited when, for the plot: seconds and jobs. */
  readonly backlog: readonly (readonly [number, number])[];
  /** Sorted waits of the others, in seconds. */
  readonly waits: Float64Array;
}

const BACKLOG_EVERY_MS = 10_000;

export interface Started {
  readonly job: SimulatedJob;
  readonly startMs: number;
  readonly loadMs: number;
}

/** Writes down what happens in a run. */
export class Measures {
  private readonly starts: Started[] = [];
  private readonly micros: number[] = [];
  private lastArrivalMs = 0;

  constructor(
    private readonly policy: PolicyName,
    private readonly options: WorkloadOptions,
  ) {}

  arrived({ arrivesMs }: SimulatedJob): void {
    this.lastArrivalMs = arrivesMs;
  }

  started(job: SimulatedJob, startMs: number, loadMs: number): void {
    this.starts.push({ job, startMs, loadMs });
  }

  decided(micros: number): void {
    this.micros.push(micros);
  }

  outcome(): Outcome {
    const others = this.starts.filter(({ job }) => !job.abuser);
    const waits = sorted(others.map(waitOf));
    const [micros, switched] = [
      sorted(this.micros),
      this.starts.filter(({ loadMs }) => loadMs > 0),
    ];
    return {
      policy: this.policy,
      switches: switched.length / this.starts.length,
      waitOfAll: quantiles(sorted(this.starts.map(waitOf))),
      waitOfOthers: quantiles(waits),
      startOfOthers: quantiles(sorted(others.map((one) => waitOf(one) + one.loadMs / 1_000))),
      jain: fairness(this.starts),
      goodput: this.usefulMs() / (this.lastArrivalMs * this.options.gpus),
      decisionMicros: { p50: at(micros, 0.5), p99: at(micros, 0.99) },
      decisions: micros.length,
      backlog: this.backlog(),
      waits,
    };
  }

  /** GPU time of jobs before the last arrival. */
  private usefulMs(): number {
    return this.starts.reduce((sum, { job, startMs, loadMs }) => {
      const begins = startMs + loadMs;
      return sum + Math.max(0, Math.min(job.gpuMs, this.lastArrivalMs - begins));
    }, 0);
  }

  private backlog(): (readonly [number, number])[] {
    const steps = this.starts.flatMap(({ job, startMs }): [number, number][] => [
      [job.arrivesMs, 1],
      [startMs, -1],
    ]);
    steps.sort(([a], [b]) => a - b);
    const points: (readonly [number, number])[] = [];
    let waiting = 0;
    let next = 0;
    for (const [ms, change] of steps) {
      for (; next <= ms; next += BACKLOG_EVERY_MS) points.push([next / 1_000, waiting]);
      waiting += change;
    }
    return points;
  }
}

const waitOf = ({ job, startMs }: Started): number => (startMs - job.arrivesMs) / 1_000;
const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** The value below which this share of the sorted values lies. */
const at = (values: Float64Array, share: number): number =>
  values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;

const quantiles = (values: Float64Array): Quantiles => ({
  ...{ p50: at(values, 0.5), p95: at(values, 0.95), p99: at(values, 0.99) },
});
