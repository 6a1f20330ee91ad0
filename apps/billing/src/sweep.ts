const batchSize = 500;
/** How many are looked at in one statement, of which most were ended long ago: it lives 30 s. */
const mostLookedAt = 20_000;
/** No end can be written with a date this far back: statements live 30 s at most. */
const safetyMs = 10 * 60_000;
/** How often what was seen before is looked at again, and how far back. */
const lookBackEveryMs = 60 * 60_000;
const lookBackMs = 7 * 24 * 60 * 60_000;

/** What is over now and was not ended yet, the oldest first. */
export interface Overdue {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly ids: readonly string[];
  /**
   * The time (epoch milliseconds) of the last one looked at, when there may be more after it; `null`
   * when everything that is over was looked at.
   */
  readonly lookedUntilMs: number | null;
}

/**
 * Ends things whose time is over by the database's clock. Any number of processes may sweep at once,
 * as long as ending something twice ends it once. It looks at everything once, when its process
 * begins, page by page: one that fails goes on where it stopped.
 */
export class Sweep {
  /** Everything that was over before this instant (epoch ms) is known to have been ended. */
  private sweptUntilMs = 0;
  private lookedBackMs: number | undefined;

  /**
   * @param read - what ended after `afterMs`, of the first `limit` whose time was over after it
   * @param end - ends one of them
   */
  constructor(
    private readonly read: (afterMs: number, limit: number) => Promise<Overdue>,
    private readonly end: (id: string) => Promise<unknown>,
    private readonly limit = mostLookedAt,
  ) {}

  /** @returns how many were found past their time. */
  async run(): Promise<number> {
    let found = 0;
    for (;;) {
      const { nowMs, ids, lookedUntilMs } = await this.read(this.sweptUntilMs, this.limit);
      for (let at = 0; at < ids.length; at += batchSize) {
        await Promise.all(ids.slice(at, at + batchSize).map((id) => this.end(id)));
      }
      found += ids.length;
      if (lookedUntilMs === null) {
        this.remember(nowMs);
        return found;
      }
      // The next page may begin with the same instant; and must get on when it is all one instant.
      this.sweptUntilMs = Math.max(lookedUntilMs - 1, this.sweptUntilMs + 1);
    }
  }

  private remember(nowMs: number): void {
    this.lookedBackMs ??= nowMs;
    const again = nowMs - this.lookedBackMs > lookBackEveryMs;
    if (again) this.lookedBackMs = nowMs;
    this.sweptUntilMs = nowMs - (again ? lookBackMs : safetyMs);
  }
}
