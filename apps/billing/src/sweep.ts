const batchSize = 500;
/** No end can be written with a date this far back: statements live 30 s at most. */
const safetyMs = 10 * 60_000;
/** How often everything is looked at again, whatever was seen before. */
const fullSweepMs = 60 * 60_000;

/** What is over now and was not ended yet, the oldest first. */
export interface Overdue {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly ids: readonly string[];
}

/**
 * Ends things whose time is over by the database's clock. Any number of processes may sweep at once,
 * as long as ending something twice ends it once.
 */
export class Sweep {
  /** Everything that was over before this instant (epoch ms) is known to have been ended. */
  private sweptUntilMs = 0;
  private lastFullSweepMs = 0;

  /**
   * @param read - what ended after `afterMs`, at most `limit`
   * @param end - ends one of them
   */
  constructor(
    private readonly read: (afterMs: number, limit: number) => Promise<Overdue>,
    private readonly end: (id: string) => Promise<unknown>,
  ) {}

  /** @returns how many were found past their time. */
  async run(): Promise<number> {
    let found = 0;
    for (;;) {
      const { nowMs, ids } = await this.read(this.sweptUntilMs, batchSize);
      await Promise.all(ids.map((id) => this.end(id)));
      found += ids.length;
      if (ids.length < batchSize) {
        this.remember(nowMs);
        return found;
      }
    }
  }

  private remember(nowMs: number): void {
    const startOver = nowMs - this.lastFullSweepMs > fullSweepMs && this.sweptUntilMs > 0;
    if (this.sweptUntilMs === 0) this.lastFullSweepMs = nowMs;
    this.sweptUntilMs = startOver ? 0 : nowMs - safetyMs;
  }
}
