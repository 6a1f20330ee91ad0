import { intakeBusy, intakeClosed } from './refusals.js';

type Waiter<T> = { resolve: (item: T) => void; reject: (reason: unknown) => void };

/** Hands out a few things to many takers, first come, first served, with an end to the queue. */
export class Turns<T> {
  private readonly waiting: Waiter<T>[] = [];
  private closed = false;

  /** @param maxWaiting takers that may wait at one moment */
  constructor(
    private readonly free: T[],
    private readonly maxWaiting: number,
  ) {}

  /**
   * @throws {IntakeUnavailable} `image.intake_busy`, `image.intake_closed`
   * @throws the signal's reason, when it came before the turn
   */
  async take(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.closed) throw intakeClosed();
    const item = this.free.pop();
    if (item !== undefined) return item;
    if (this.waiting.length >= this.maxWaiting) throw intakeBusy();
    return this.wait(signal);
  }

  give(item: T): void {
    const next = this.waiting.shift();
    if (next) next.resolve(item);
    else this.free.push(item);
  }

  /** Refuses who waits and who comes. */
  close(): void {
    this.closed = true;
    for (const waiter of this.waiting.splice(0)) waiter.reject(intakeClosed());
  }

  private async wait(signal?: AbortSignal): Promise<T> {
    const leave = new AbortController();
    try {
      return await new Promise<T>((resolve, reject) => {
        const waiter = { resolve, reject };
        this.waiting.push(waiter);
        const giveUp = () => {
          const place = this.waiting.indexOf(waiter);
          // Who already has the turn keeps it, and gives it back.
          if (place === -1) return;
          this.waiting.splice(place, 1);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', giveUp, { signal: leave.signal });
      });
    } finally {
      leave.abort();
    }
  }
}
