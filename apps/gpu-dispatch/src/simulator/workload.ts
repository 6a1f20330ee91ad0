import type { QueuedJob } from '../schedule/queued-job.js';
import { GENTD26 } from './gentd26.js';
import { Random, ranked, Weighted } from './random.js';

/** What is asked of a fleet. */
export interface WorkloadOptions {
  readonly gpus: number;
  /** GPU seconds asked for, were all models loaded everywhere, over those that there are. */
  readonly load: number;
  readonly jobs: number;
  readonly seed: number;
  /** Share of the jobs that the greedy accounts send, and how many those are; the n-th sends n parts. */
  readonly abuse: number;
  readonly abusers: number;
  /** The rate of arrivals swings by this share of its mean, over this period in seconds. */
  readonly swing: number;
  readonly periodSeconds: number;
}

export interface SimulatedJob {
  readonly id: number;
  readonly accountId: string;
  readonly abuser: boolean;
  readonly model: string;
  readonly arrivesMs: number;
  /** What it takes on a GPU that has the model loaded, and what a dispatcher would guess. */
  readonly gpuMs: number;
  readonly predictedGpuMs: number;
}

/** Spread of the truth around what learned runtimes predict: log-normal sigma. */
const PREDICTION_SIGMA = 0.2;

/** The jobs, in the order of arrival; the same ones for the same options. */
export function* workload(options: WorkloadOptions): Generator<SimulatedJob> {
  const random = new Random(options.seed);
  const models = new Weighted(ranked(GENTD26.models));
  const abusers = new Weighted(Array.from({ length: options.abusers }, (_, index) => index + 1));
  const accounts = new Weighted(ranked(GENTD26.accounts));
  const spread = Math.sqrt(GENTD26.service.sigma ** 2 - PREDICTION_SIGMA ** 2);
  let nowMs = 0;
  for (let id = 0; id < options.jobs; id += 1) {
    nowMs = nextArrival(nowMs, options, random);
    const abuser = random.next() < options.abuse;
    const predictedMs = 1_000 * random.logNormal(GENTD26.service.medianSeconds, spread);
    yield {
      ...{ id, abuser, arrivesMs: nowMs, model: `model-${models.draw(random) + 1}` },
      accountId: abuser
        ? `abuser-${abusers.draw(random) + 1}`
        : `account-${accounts.draw(random) + 1}`,
      gpuMs: predictedMs * random.logNormal(1, PREDICTION_SIGMA),
      predictedGpuMs: Math.max(1, Math.round(predictedMs)),
    };
  }
}

/** The job as the schedule sees it. */
export const queuedJobOf = (job: SimulatedJob): QueuedJob => ({
  ...{ jobId: String(job.id), accountId: job.accountId, model: job.model, lane: 'standard' },
  ...{ predictedGpuMs: job.predictedGpuMs, sequence: job.id, queuedAtMs: job.arrivesMs },
});

/** Mean GPU time of a job in milliseconds. */
export const meanGpuMs = (): number =>
  1_000 * GENTD26.service.medianSeconds * Math.exp(GENTD26.service.sigma ** 2 / 2);

/** How long a GPU takes to load a model, in milliseconds. */
export function loadTime(random: Random): number {
  let mark = random.next();
  const hump = GENTD26.loads.find(({ share }) => (mark -= share) < 0) ?? GENTD26.loads[1];
  return 1_000 * random.logNormal(hump.medianSeconds, hump.sigma);
}

/** The next event of a Poisson process whose rate swings, by thinning (Lewis and Shedler 1979). */
function nextArrival(afterMs: number, options: WorkloadOptions, random: Random): number {
  const { gpus, load, swing, periodSeconds } = options;
  const meanGapMs = meanGpuMs() / (load * gpus);
  let nowMs = afterMs;
  for (;;) {
    nowMs += random.exponential(meanGapMs / (1 + swing));
    const phase = (2 * Math.PI * nowMs) / (1_000 * periodSeconds);
    if (random.next() * (1 + swing) < 1 + swing * Math.sin(phase)) return nowMs;
  }
}
