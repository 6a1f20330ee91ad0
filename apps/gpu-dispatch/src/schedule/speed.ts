import {
  learn,
  quantilesOf,
  quantilesOfGuess,
  type Learned,
  type Quantiles,
} from './log-normal.js';
import { Recent } from './recent.js';

/** What decides how long a job takes. */
export interface Work {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly images: number;
  /** Of a video. */
  readonly seconds?: number | null;
  readonly fps?: number | null;
}

/** What was learned under one key, as it is kept over a restart. */
export interface LearnedRow extends Learned {
  readonly key: string;
}

const PIXELS_PER_MEGAPIXEL = 1_000_000;
/** What was seen less often is too thin to be preferred to what is known more generally. */
const SEEN_ENOUGH = 3;
/** So many loads count; from so many on they tell how long the next ones take. */
const LOADS_KEPT = 32;
const LOADS_ENOUGH = 5;
/** Nothing takes less than this, so that a logarithm can be taken of it. */
const SHORTEST_MS = 0.01;

/** What a column of 32 bits can hold: more than three weeks, so no job that may run comes near it. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * How fast models run: quantiles of GPU milliseconds per megapixel and step, kept by model, class of
 * GPU, size of the work and number of images, because small pictures pay more per pixel and a batch
 * less per image. What was hardly seen is predicted from what is known more generally: any number of
 * images, any size, any GPU; and before that from what the engine says of itself. How long models
 * take to load is learned beside it: that has two humps, for weights that the host has in its memory
 * and for those it has not, between which a mean would lie where nothing is, so the quantiles are
 * those of the latest loads; after a restart, until there were a few, those of the log-normal kept.
 */
export class SpeedEstimates {
  private readonly learned = new Map<string, Learned>();
  /** The engines' own words, in GPU milliseconds per megapixel and step. */
  private readonly supposed = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly recentLoads = new Map<string, Recent>();

  /** The engine's own word for a model's speed, used until something is known better. */
  suppose(model: string, gpuSecondsPerMegapixelStep: number): void {
    this.supposed.set(model, gpuSecondsPerMegapixelStep * 1_000);
  }

  /** @param gpu class of GPU that it ran on; `undefined` where that is not known */
  learn(work: Work, gpuMs: number, gpu?: string): void {
    const rate = Math.max(SHORTEST_MS, gpuMs) / megapixelSteps(work);
    for (const key of runKeys(work, gpu)) this.note(key, rate);
  }

  learnLoad(model: string, loadMs: number, gpu?: string): void {
    for (const key of loadKeys(model, gpu)) {
      this.note(key, Math.max(SHORTEST_MS, loadMs));
      const recent = this.recentLoads.get(key) ?? new Recent(LOADS_KEPT);
      this.recentLoads.set(key, recent);
      recent.add(loadMs);
    }
  }

  /** GPU milliseconds that the work will probably take, whole; at least 1. */
  predict(work: Work, gpu?: string): number {
    return Math.min(LONGEST_MS, Math.max(1, Math.round(this.quantiles(work, gpu).p50Ms)));
  }

  /** GPU milliseconds that the work takes on such a GPU, or on any. */
  quantiles(work: Work, gpu?: string): Quantiles {
    const learned = this.bestOf(runKeys(work, gpu));
    const perStep =
      learned === undefined
        ? quantilesOfGuess(this.supposed.get(work.model) ?? 0)
        : quantilesOf(learned);
    const size = megapixelSteps(work);
    return { p50Ms: perStep.p50Ms * size, p90Ms: perStep.p90Ms * size };
  }

  /** How long a worker takes until it has the model loaded; `undefined` before any was seen to load. */
  load(model: string, gpu?: string): Quantiles | undefined {
    const recent = this.loadsSeen(model, gpu);
    const [p50Ms, p90Ms] = [recent?.quantile(0.5), recent?.quantile(0.9)];
    if (p50Ms !== undefined && p90Ms !== undefined) return { p50Ms, p90Ms };
    const learned = this.bestOf(loadKeys(model, gpu));
    return learned && quantilesOf(learned);
  }

  /** The latest loads of the model, or of any; in ms, empty until there were a few. */
  loads(model: string, gpu?: string): readonly number[] {
    return this.loadsSeen(model, gpu)?.all ?? [];
  }

  /** What an attempt took beside GPU time and loading: handing it over, uploading what came of it. */
  learnOverhead(ms: number): void {
    this.note(OVERHEAD, Math.max(SHORTEST_MS, ms));
  }

  overhead(): Quantiles {
    const learned = this.learned.get(OVERHEAD);
    return learned === undefined ? quantilesOfGuess(0) : quantilesOf(learned);
  }

  /** What was learned since this was asked last, to be kept. */
  takeChanges(): LearnedRow[] {
    const rows = [...this.changed].flatMap((key) => {
      const learned = this.learned.get(key);
      return learned === undefined ? [] : [{ key, ...learned }];
    });
    this.changed.clear();
    return rows;
  }

  /** What could not be kept is to be kept with the next changes. */
  giveBack(rows: readonly LearnedRow[]): void {
    for (const { key } of rows) this.changed.add(key);
  }

  /** What an earlier reign learned. */
  restore(rows: readonly LearnedRow[]): void {
    for (const { key, seen, mean, variance } of rows)
      this.learned.set(key, { seen, mean, variance });
  }

  private loadsSeen(model: string, gpu: string | undefined): Recent | undefined {
    const known = loadKeys(model, gpu).map((key) => this.recentLoads.get(key));
    return known.find((recent) => recent !== undefined && recent.size >= LOADS_ENOUGH);
  }

  private note(key: string, value: number): void {
    this.learned.set(key, learn(this.learned.get(key), value));
    this.changed.add(key);
  }

  /** The most specific key that was seen often enough; else the most specific one that was seen. */
  private bestOf(keys: readonly string[]): Learned | undefined {
    const known = keys.flatMap((key) => this.learned.get(key) ?? []);
    return known.find(({ seen }) => seen >= SEEN_ENOUGH) ?? known[0];
  }
}

const framesOf = ({ seconds, fps }: Work): number => Math.max(1, (seconds ?? 0) * (fps ?? 0));

/** Megapixels drawn, times the steps that each takes; never 0. */
const megapixelSteps = (work: Work): number =>
  (work.width * work.height * Math.max(1, work.steps) * work.images * framesOf(work)) /
  PIXELS_PER_MEGAPIXEL;

/** From the most specific to the most general; what holds on any GPU comes after what is known of one. */
function runKeys(work: Work, gpu: string | undefined): string[] {
  const { model, images } = work;
  // Work per image, by powers of two.
  const size = `2^${Math.round(Math.log2(megapixelSteps({ ...work, images: 1 })))}`;
  const on = (where: string) => [
    keyOf('run', model, where, size, images),
    keyOf('run', model, where, size),
    keyOf('run', model, where),
  ];
  return [...(gpu === undefined ? [] : on(gpu)), ...on(ANY)];
}

const ANY = '*';
const ANY_LOAD = JSON.stringify(['load', ANY]);
const OVERHEAD = JSON.stringify(['overhead']);

const loadKeys = (model: string, gpu: string | undefined): string[] => [
  ...(gpu === undefined ? [] : [keyOf('load', model, gpu)]),
  keyOf('load', model, ANY),
  ANY_LOAD,
];

/** Whatever models and GPUs are called, no two keys are the same. */
const keyOf = (...parts: (string | number)[]): string => JSON.stringify(parts);
