import { listModels } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { z } from 'zod';

export type PoolAsked = NonNullable<z.input<typeof listModels.request>['of']>;
export type Offered = z.output<typeof listModels.reply>['models'][number];

/** Anybody may ask, so that many askers must not become as many questions to other services. */
const FRESH_FOR_MS = 2_000;

/** What workers serve now, by the dispatcher's word. */
export class Offers {
  private latest: { readonly atMs: number; readonly offers: Promise<Offered[]> } | undefined;

  constructor(private readonly services: RequestClient) {}

  /** At most two seconds old. @throws Unavailable when the dispatcher does not answer */
  list(nowMs = performance.now()): Promise<Offered[]> {
    if (this.latest === undefined || nowMs - this.latest.atMs > FRESH_FOR_MS) {
      const offers = this.ask();
      this.latest = { atMs: nowMs, offers };
      // A failure is nothing to remember.
      offers.catch(() => (this.latest = undefined));
    }
    return this.latest.offers;
  }

  /**
   * What a pool of the account's has. Asked each time: it is nobody else's to know.
   * @throws DomainError `pool.unknown`
   */
  async listIn(of: PoolAsked): Promise<Offered[]> {
    return (await this.services.request(listModels, { of })).models;
  }

  private async ask(): Promise<Offered[]> {
    const { models } = await this.services.request(listModels, {});
    // Workers are about to show up: whoever asks next shall see them.
    if (models.length === 0) this.latest = undefined;
    return models;
  }
}
