/**
 * Runs a task again and again, `everyMs` after it last ended; never twice at once. A task that
 * fails is reported and tried again at its next turn.
 */
export class Recurring {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly task: () => Promise<unknown>,
    private readonly everyMs: number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  start(): void {
    this.running = this.turn();
  }

  /** Resolves when the task, if it is running, has ended. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async turn(): Promise<void> {
    try {
      await this.task();
    } catch (error) {
      this.onFailure(error);
    }
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.running = this.turn();
    }, this.everyMs);
    this.timer.unref();
  }
}
