const UINT32 = 2 ** 32;

/** Random numbers that a seed repeats: mulberry32, good enough to draw a workload. */
export class Random {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT32;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()));
  }
}

/** Draws 0 … n-1 with given weights, by bisection. */
export class Weighted {
  private readonly sums: number[] = [];

  constructor(weights: readonly number[]) {
    let sum = 0;
    for (const weight of weights) this.sums.push((sum += weight));
  }

  draw(random: Random): number {
    const mark = random.next() * (this.sums.at(-1) ?? 0);
    let [low, high] = [0, this.sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sums[middle] ?? 0) <= mark) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Weights of a Zipf-Mandelbrot law. */
export const ranked = (law: { count: number; exponent: number; shift: number }): number[] =>
  Array.from({ length: law.count }, (_, rank) => (rank + 1 + law.shift) ** -law.exponent);
