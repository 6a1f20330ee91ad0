import { GENTD26 } from './gentd26.js';
import { type Random, ranked, Weighted } from './random.js';

/** How many models a GPU keeps loaded; the one that was not used for longest makes room. */
export const WARM_PER_GPU = 2;

export interface Gpu {
  readonly warm: Set<string>;
}

/** The GPUs: what they have loaded, and who is idle. */
export class Fleet {
  readonly models: ReadonlySet<string>;
  private readonly warmed = new Map<string, number>();
  /** The one that has been idle for longest first. */
  private readonly idle = new Set<Gpu>();

  /** Begins with models loaded as often as they are asked for. */
  constructor(gpus: number, random: Random) {
    const weights = ranked(GENTD26.models);
    this.models = new Set(weights.map((_, index) => `model-${index + 1}`));
    const popular = new Weighted(weights);
    for (let made = 0; made < gpus; made += 1) {
      const gpu = { warm: new Set<string>() };
      while (gpu.warm.size < WARM_PER_GPU) this.load(gpu, `model-${popular.draw(random) + 1}`);
      this.idle.add(gpu);
    }
  }

  warmSlots(model: string): number {
    return this.warmed.get(model) ?? 0;
  }

  /** An idle GPU, rather one that has the model loaded. */
  pick(model: string): Gpu | undefined {
    for (const gpu of this.idle) if (gpu.warm.has(model)) return gpu;
    return this.idle.values().next().value;
  }

  /** The idle GPUs one after the other. */
  turn(): Gpu {
    const [gpu] = this.idle;
    if (gpu === undefined) throw new Error('no GPU is idle');
    this.idle.delete(gpu);
    this.idle.add(gpu);
    return gpu;
  }

  rest(gpu: Gpu): void {
    this.idle.add(gpu);
  }

  begin(gpu: Gpu): void {
    this.idle.delete(gpu);
  }

  /** Makes the model the one used last. @returns whether it has to be loaded */
  load({ warm }: Gpu, model: string): boolean {
    const has = warm.delete(model);
    warm.add(model);
    if (has) return false;
    this.count(model, 1);
    const [oldest] = warm;
    if (warm.size > WARM_PER_GPU && oldest !== undefined) {
      warm.delete(oldest);
      this.count(oldest, -1);
    }
    return true;
  }

  private count(model: string, more: number): void {
    this.warmed.set(model, this.warmSlots(model) + more);
  }
}
