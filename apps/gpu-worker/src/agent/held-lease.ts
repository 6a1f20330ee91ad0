import type { Assignment } from '@safelight/contracts';

/**
 * Why work under a lease stops. It is no longer ours: the dispatcher took it away (`dropped`), was out
 * of reach for longer than leases live (`cut_off`), or its time is over (`overdue`). Or it is ours to
 * give back: we are about to close (`draining`), or the engine is gone (`engine`).
 */
export type StopReason = 'dropped' | 'cut_off' | 'overdue' | 'draining' | 'engine';

const LOST: ReadonlySet<StopReason | undefined> = new Set(['dropped', 'cut_off', 'overdue']);
/** The longest that a timer of Node can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A lease that this worker holds, from its acceptance to the answer to its report. */
export class HeldLease {
  /** The engine works for it: it takes a slot. */
  occupiesSlot = true;
  /** Set when the work was stopped. */
  reason: StopReason | undefined;
  readonly done: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly reportStopping = new AbortController();
  private readonly silencing = new AbortController();

  /** @param run does the work; must not reject */
  constructor(
    readonly assignment: Assignment,
    run: (held: HeldLease) => Promise<void>,
  ) {
    const leftMs = Date.parse(assignment.deadlineAt) - Date.now();
    const deadline = setTimeout(
      () => this.stop('overdue'),
      Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS),
    );
    // Not before whoever holds it has taken note of it.
    this.done = Promise.resolve()
      .then(() => run(this))
      .finally(() => clearTimeout(deadline));
  }

  /** Nobody waits for its end: it is not ours any more. */
  get isLost(): boolean {
    return LOST.has(this.reason);
  }

  /** Aborts when the work shall stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Aborts when nobody would listen to a report of its end any more. */
  get reportSignal(): AbortSignal {
    return this.reportStopping.signal;
  }

  /** Aborts when this process can wait for no answer any more. */
  get silence(): AbortSignal {
    return this.silencing.signal;
  }

  /** The first reason counts, but what is lost cannot be given back any more. */
  stop(reason: StopReason): void {
    if (LOST.has(reason) && !this.isLost) {
      this.reason = reason;
      this.reportStopping.abort();
    }
    this.reason ??= reason;
    this.stopping.abort();
  }

  /** Ends everything at once, unreported. */
  giveUp(): void {
    this.stop('cut_off');
    this.silencing.abort();
  }
}

export const keyOf = ({ jobId, attempt }: { jobId: string; attempt: number }): string =>
  `${jobId} ${attempt}`;
