import { setTimeout as pause } from 'node:timers/promises';
import { lead, type Reign } from './leadership/leadership.js';
import { RunningReign, type Realm } from './reign.js';

const LONGEST_PAUSE_MS = 2_000;
const FIRST_PAUSE_MS = 50;

/** One reign after the other, with waits between them, until the service closes. */
export class Succession {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private failures = 0;

  constructor(private readonly realm: Realm) {}

  /** Resolves once this process leads, or knows that another one does. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.running = this.run(resolve);
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(onSettled: () => void): Promise<void> {
    const { config, telemetry } = this.realm;
    const { signal } = this.closing;
    const onStandby = () => {
      telemetry.logger.info('standing by: another process leads');
      onSettled();
    };
    while (!signal.aborted) {
      try {
        const reign = await lead({ url: config.DATABASE_URL, onStandby }, signal);
        await this.rule(reign, onSettled);
      } catch (error) {
        if (this.closing.signal.aborted) return;
        telemetry.logger.warn({ err: error }, 'could not lead');
        await this.breathe();
      }
    }
  }

  /** Resolves when the reign is over, whyever. */
  private async rule(reign: Reign, onSettled: () => void): Promise<void> {
    const { logger } = this.realm.telemetry;
    const { epoch } = reign;
    let abdicate: (reason: unknown) => void = () => undefined;
    const abdicated = new Promise<unknown>((resolve) => (abdicate = resolve));
    const lost = reign.lost.then(() => new Error('the connection that held the lock is gone'));
    try {
      const running = await RunningReign.begin(this.realm, epoch, abdicate);
      logger.info({ epoch }, 'leading');
      this.failures = 0;
      onSettled();
      const reason = await Promise.race([lost, abdicated, aborted(this.closing.signal)]);
      logger.info({ epoch, err: reason }, 'leading no more');
      await running.end();
    } finally {
      await reign.release();
    }
    // A reign that fell by its own fault must not be followed by the same one at once, for ever.
    if (!this.closing.signal.aborted) await this.breathe();
  }

  private async breathe(): Promise<void> {
    this.failures += 1;
    const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    const { signal } = this.closing;
    await pause(Math.random() * limit, undefined, { signal }).catch(() => undefined);
  }
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    const tell = () => resolve(undefined);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
