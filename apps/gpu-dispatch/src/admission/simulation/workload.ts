import type { Work } from '../../schedule/speed.js';

/** A request of the simulated world; times in milliseconds. */
export interface SimulatedJob {
  readonly accountId: string;
  readonly arrivesMs: number;
  readonly work: Work;
  /** What it will take on a GPU: nobody knows it before it has run. */
  readonly truthMs: number;
}

export interface WorkloadOptions {
  readonly seed: number;
  readonly jobs: number;
  readonly gpus: number;
  /** Work that is asked for, of what all GPUs can do. */
  readonly load: number;
}

const ACCOUNTS = 60;
const MODELS = 12;
/** One account asks for this part of all jobs. */
const GREEDY = 0.3;
/** The hourly wave of requests, around its mean. */
const WAVE = 0.6;
const WAVE_MS = 3_600_000;
/** By how much the time of equal work varies: sigma of the logarithm. */
const NOISE = 0.15;
const IMAGES = [1, 2, 4, 8];
const IMAGE_SHARES = [0.58, 0.66, 0.85, 1];
const SIZES = [512, 768, 1_024];

/**
 * Requests like those of a Stable Diffusion service, by parameters fitted to Alibaba's trace GenTD26
 * (cluster-trace-v2026-GenAI): images per request, popularity of models (Zipf 1.7) and accounts (Zipf
 * 0.73), a wave of requests, and one account that sends nearly a third of them. How much the time of
 * equal work varies is our own assumption: the trace does not tell requests apart so finely.
 */
export function workload({ seed, jobs, gpus, load }: WorkloadOptions): SimulatedJob[] {
  const random = randomOf(seed);
  const accounts = zipf(ACCOUNTS, 0.73);
  const models = zipf(MODELS, 1.7);
  const draw = (): Omit<SimulatedJob, 'arrivesMs'> => {
    const model = pick(models, random());
    const side = SIZES[Math.floor(random() * SIZES.length)] ?? 512;
    const images = IMAGES[IMAGE_SHARES.findIndex((share) => random() < share)] ?? 8;
    const work = { model: `m${model}`, width: side, height: side, steps: 30, images };
    const perImageMs = (7_000 + 1_000 * model) * (0.4 + 0.6 * (side / 768) ** 2);
    const truthMs = perImageMs * images ** 0.9 * Math.exp(NOISE * normal(random));
    const accountId = random() < GREEDY ? 'greedy' : `a${pick(accounts, random())}`;
    return { accountId, work, truthMs };
  };
  const drawn = Array.from({ length: jobs }, draw);
  const meanMs = drawn.reduce((sum, { truthMs }) => sum + truthMs, 0) / jobs;
  let atMs = 0;
  return drawn.map((job) => {
    const wave = 1 + WAVE * Math.sin((2 * Math.PI * atMs) / WAVE_MS);
    atMs += (-Math.log(1 - random()) * meanMs) / (gpus * load * wave);
    return { ...job, arrivesMs: atMs };
  });
}

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller. */
export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Sums of the shares of the first, the first two, and so on. */
function zipf(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight / total));
}

const pick = (sums: readonly number[], share: number): number =>
  Math.max(0, sums.findIndex((sum) => share < sum));
