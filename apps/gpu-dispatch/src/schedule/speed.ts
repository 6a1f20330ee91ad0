/** What decides how long a job takes. */
export interface Work {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly images: number;
}

/** Weight of the newest observation: about the last ten count. */
const ALPHA = 0.2;
const PIXELS_PER_MEGAPIXEL = 1_000_000;

/**
 * How fast models run: exponentially weighted means of GPU milliseconds per megapixel and step, kept
 * per model and size class, because small pictures pay more per pixel. What was never seen is
 * predicted from the model's mean, and before that from what the engine says of itself.
 */
export class SpeedEstimates {
  private readonly means = new Map<string, number>();

  /** The engine's own word for a model's speed, used until something is known better. */
  suppose(model: string, gpuSecondsPerMegapixelStep: number): void {
    this.means.set(`${model}?`, gpuSecondsPerMegapixelStep * 1_000);
  }

  learn(work: Work, gpuMs: number): void {
    const rate = gpuMs / megapixelSteps(work);
    for (const key of [keyOf(work), work.model]) {
      const mean = this.means.get(key);
      this.means.set(key, mean === undefined ? rate : mean + ALPHA * (rate - mean));
    }
  }

  /** GPU milliseconds that the work will probably take; at least 1. */
  predict(work: Work): number {
    const { model } = work;
    const rate =
      this.means.get(keyOf(work)) ?? this.means.get(model) ?? this.means.get(`${model}?`) ?? 0;
    return Math.max(1, Math.round(rate * megapixelSteps(work)));
  }
}

const megapixelSteps = ({ width, height, steps, images }: Work): number =>
  (width * height * steps * images) / PIXELS_PER_MEGAPIXEL;

/** Work per image, by powers of two. */
const keyOf = (work: Work): string =>
  `${work.model} 2^${Math.round(Math.log2(megapixelSteps({ ...work, images: 1 })))}`;
