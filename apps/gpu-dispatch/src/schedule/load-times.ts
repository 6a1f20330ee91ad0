/** Weight of the newest observation: about the last ten count. */
const ALPHA = 0.2;

/**
 * How long workers take to load models: an exponentially weighted mean of what attempts on workers
 * that had not loaded them took beyond their GPU time. It contains the upload of the outputs, so it
 * is a little too long.
 */
export class LoadTimes {
  private readonly means = new Map<string, number>();

  learn(model: string, ms: number): void {
    const mean = this.means.get(model);
    this.means.set(model, mean === undefined ? ms : mean + ALPHA * (ms - mean));
  }

  /** Milliseconds; 0 until the model has been loaded once. */
  loadMs(model: string): number {
    return this.means.get(model) ?? 0;
  }
}
