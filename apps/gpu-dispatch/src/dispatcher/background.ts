/** Work that nobody waits for, until the reign ends. */
export class Background {
  private readonly underWay = new Set<Promise<void>>();

  /** @param onFailure told of every piece of work that fails */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  begin(work: Promise<void>): void {
    const done = work.catch(this.onFailure);
    this.underWay.add(done);
    void done.finally(() => this.underWay.delete(done));
  }

  /** Resolves when nothing is under way any more, what was begun meanwhile included. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }
}
