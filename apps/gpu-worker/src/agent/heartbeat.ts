/** What a heartbeat needs to know of its dispatcher, once it has heard from it. */
export interface Rhythm {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
}

export interface HeartbeatOptions {
  /** Offers, and acts on the answer. */
  readonly offer: () => Promise<Rhythm>;
  readonly onFailure: (error: unknown) => void;
  /** Called while the dispatcher has not been reached for the life of a lease and as long again. */
  readonly onContactLost: () => void;
}

/**
 * An agent that is out of touch goes on until others surely have its jobs. The dispatcher may have been
 * cut off as well, and lets no lease run out then: hence as much grace as a lease lives.
 */
const LIVES = 2;

const FIRST_RHYTHM: Rhythm = { heartbeatMs: 500, leaseMs: 30_000 };

/** Offers regularly, and at once when asked to; never twice at the same time. */
export class Heartbeat {
  private rhythm = FIRST_RHYTHM;
  private contactMs = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Offers now, or once more after the offer that is under way. Resolves when it is answered. */
  async beat(): Promise<void> {
    if (this.beating !== undefined) {
      this.again = true;
      return this.beating;
    }
    clearTimeout(this.timer);
    this.beating = this.run();
    await this.beating;
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.beating;
  }

  private async run(): Promise<void> {
    let wanted = true;
    while (wanted && !this.stopped) {
      this.again = false;
      await this.once();
      wanted = this.isWantedAgain();
    }
    this.beating = undefined;
    if (!this.stopped) this.timer = setTimeout(() => void this.beat(), this.rhythm.heartbeatMs);
  }

  private isWantedAgain(): boolean {
    return this.again;
  }

  private async once(): Promise<void> {
    const sentMs = performance.now();
    try {
      this.rhythm = await this.options.offer();
      // Leases live from when we spoke, not from when we were answered: the stricter of the two.
      this.contactMs = sentMs;
    } catch (error) {
      this.options.onFailure(error);
      const silentMs = performance.now() - this.contactMs;
      if (silentMs > LIVES * this.rhythm.leaseMs) this.options.onContactLost();
    }
  }
}
