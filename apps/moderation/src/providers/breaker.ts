/** So many failures on end open it. */
const FAILURES = 5;
/** For so long nobody is asked, in milliseconds. */
const OPEN_MS = 10_000;

/**
 * Stops asking somebody who does not answer: after five failures on end nobody is asked for ten seconds,
 * then one is let through, whose answer closes it or opens it again. Without it, every request would wait
 * for the whole deadline. Whoever is not let through has no verdict, as with any failure.
 *
 * Written here: it is one rule over two numbers and a clock, and the libraries for it bring statistics,
 * events, timers and fallbacks, of which the last is what may not exist here.
 */
export class Breaker {
  private failures = 0;
  private openUntil = Number.NEGATIVE_INFINITY;
  private trying = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get state(): 'closed' | 'open' | 'trying' {
    if (this.failures < FAILURES) return 'closed';
    return this.trying ? 'trying' : 'open';
  }

  /** @throws BreakerOpen; whatever `task` throws */
  async run<Answer>(task: () => Promise<Answer>): Promise<Answer> {
    if (!this.letsThrough()) throw new BreakerOpen();
    try {
      const answer = await task();
      this.failures = 0;
      return answer;
    } catch (error) {
      this.failures += 1;
      if (this.failures >= FAILURES) this.openUntil = this.now() + OPEN_MS;
      throw error;
    } finally {
      this.trying = false;
    }
  }

  private letsThrough(): boolean {
    if (this.failures < FAILURES) return true;
    if (this.trying || this.now() < this.openUntil) return false;
    this.trying = true;
    return true;
  }
}

export class BreakerOpen extends Error {
  constructor() {
    super('it failed several times on end and is not asked for some seconds');
    this.name = 'BreakerOpen';
  }
}
