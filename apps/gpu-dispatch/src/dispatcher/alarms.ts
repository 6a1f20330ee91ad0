import { IndexedHeap } from '../schedule/indexed-heap.js';

/** Time that never goes back, in ms, and a way to be called when some of it has passed. */
export interface Clock {
  now(): number;
  /** @returns undoes it */
  callIn(ms: number, call: () => void): () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const monotonic: Clock = {
  now: () => performance.now(),
  callIn: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls when it is time, with one timer however many wait: it is set to the soonest. */
export class Alarms {
  private readonly waiting = new IndexedHeap<() => void, number>((a, b) => a < b);
  private disarm: (() => void) | undefined;
  private armedMs = Infinity;
  private closed = false;

  constructor(private readonly clock: Clock = monotonic) {}

  /** Calls once, in `ms` or a little later; never once it is closed. */
  in(ms: number, call: () => void): void {
    if (this.closed) return;
    this.waiting.set(call, this.clock.now() + Math.max(0, ms));
    this.arm();
  }

  /** Forgets all that wait. */
  close(): void {
    this.closed = true;
    this.disarm?.();
  }

  private arm(): void {
    const soonestMs = this.waiting.peek()?.rank ?? Infinity;
    if (this.closed || soonestMs >= this.armedMs) return;
    this.disarm?.();
    this.armedMs = soonestMs;
    const inMs = Math.ceil(Math.max(0, soonestMs - this.clock.now()));
    this.disarm = this.clock.callIn(Math.min(inMs, LONGEST_TIMER_MS), () => this.ring());
  }

  private ring(): void {
    this.armedMs = Infinity;
    const nowMs = this.clock.now();
    for (let next = this.waiting.peek(); next && next.rank <= nowMs; next = this.waiting.peek()) {
      this.waiting.delete(next.key);
      next.key();
    }
    this.arm();
  }
}
