import type { Assignment } from '@safelight/contracts';

/** Why work under a lease stops: it is no longer ours, or we are about to close. */
export type StopReason = 'lost' | 'draining';

/** A lease that this worker holds, from its acceptance to the answer to its report. */
export class HeldLease {
  /** The engine works for it: it takes a slot. */
  occupiesSlot = true;
  /** Set when the work was stopped. */
  reason: StopReason | undefined;
  readonly done: Promise<void>;
  private readonly stopping = new AbortController();
  private readonly reportStopping = new AbortController();

  /** @param run does the work; must not reject */
  constructor(
    readonly assignment: Assignment,
    run: (held: HeldLease) => Promise<void>,
  ) {
    // Not before whoever holds it has taken note of it.
    this.done = Promise.resolve().then(() => run(this));
  }

  /** Aborts when the work shall stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Aborts when nobody would listen to a report any more. */
  get reportSignal(): AbortSignal {
    return this.reportStopping.signal;
  }

  stop(reason: StopReason): void {
    if (reason === 'lost') {
      this.reason = reason;
      this.reportStopping.abort();
    }
    this.reason ??= reason;
    this.stopping.abort();
  }
}

export const keyOf = ({ jobId, attempt }: { jobId: string; attempt: number }): string =>
  `${jobId} ${attempt}`;
