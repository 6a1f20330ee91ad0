import { askNvidiaSmi, type Surroundings } from './nvidia-smi.js';
import type { GpuReading } from './reading.js';

const GAP_MS = 10_000;

/** The time of one attempt. */
export interface GpuWatch {
  /** @returns the most memory that was seen in use on the whole card meanwhile, in bytes */
  end(): number | null;
}

/**
 * Looks at the GPU now and then: at most every 10 s, never twice at a time, and never so that anybody
 * has to wait. Without `nvidia-smi`, or with one that hangs or talks nonsense, there is nothing to see.
 */
export class GpuMeter {
  private reading: GpuReading | null = null;
  private lookedMs = -Infinity;
  private looking: Promise<void> | undefined;
  private readonly watches = new Set<{ peak: number | null }>();

  /** @param gpu index or UUID of the card */
  constructor(
    private readonly gpu: string,
    private readonly surroundings: Surroundings,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** What was seen last; makes a new look begin if that was too long ago. */
  get latest(): GpuReading | null {
    void this.look();
    return this.reading;
  }

  /** Resolves after a look, or at once when it is too early for one. */
  async look(): Promise<void> {
    if (this.looking !== undefined || this.nowMs() - this.lookedMs < GAP_MS) return;
    this.lookedMs = this.nowMs();
    const { reading, gone } = askNvidiaSmi(this.gpu, this.surroundings);
    // While one hangs no second is started.
    this.looking = gone.then(() => {
      this.looking = undefined;
    });
    this.take(await reading);
  }

  watch(): GpuWatch {
    void this.look();
    const watch: { peak: number | null } = { peak: null };
    this.watches.add(watch);
    return {
      end: () => {
        this.watches.delete(watch);
        return watch.peak;
      },
    };
  }

  private take(reading: GpuReading | null): void {
    this.reading = reading;
    if (reading === null) return;
    const used = reading.vramBytes - reading.freeVramBytes;
    for (const watch of this.watches) watch.peak = Math.max(watch.peak ?? 0, used);
  }
}
