/** The latest values of something, and where a share of them lies: of any distribution, humps too. */
export class Recent {
  private readonly values: number[] = [];
  private next = 0;
  private sorted: number[] | undefined;

  /** @param kept how many count */
  constructor(private readonly kept: number) {}

  get size(): number {
    return this.values.length;
  }

  /** In no order. */
  get all(): readonly number[] {
    return this.values;
  }

  add(value: number): void {
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.kept;
    this.sorted = undefined;
  }

  /**
   * The value that this share of what comes next will not exceed, if it comes from where these came:
   * the k-th of n, k = share (n + 1), rounded up, as in split conformal prediction.
   *
   * @returns `undefined` before anything was seen
   */
  quantile(share: number): number | undefined {
    this.sorted ??= this.values.toSorted((a, b) => a - b);
    const { length } = this.sorted;
    return this.sorted[Math.min(length, Math.max(1, Math.ceil(share * (length + 1)))) - 1];
  }
}
