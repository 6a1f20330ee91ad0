import type { Kysely } from 'kysely';
import type { Ledger } from '../ledger/ledger.writer.js';
import { readExpiredHolds } from './expired-holds.sql.js';

const batchSize = 500;
/** No hold's end can be written with a date this far back: statements live 30 s at most. */
const safetyMs = 10 * 60_000;
/** How often everything is looked at again, whatever was seen before. */
const fullSweepMs = 60 * 60_000;

/**
 * Voids holds whose time is over by the database's clock, so that no customer's credits stay set
 * aside for a job that never came to be. Any number of processes may sweep at once: a hold is
 * resolved once, and the second to come only reads how.
 */
export class ExpirySweep {
  /** Every hold that ended before this instant (epoch ms) is known to be resolved. */
  private sweptUntilMs = 0;
  private lastFullSweepMs = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly db: Kysely<unknown>,
  ) {}

  /** @returns how many holds were found unresolved past their time. */
  async run(): Promise<number> {
    let found = 0;
    for (;;) {
      const { nowMs, holdIds } = await readExpiredHolds(this.db, this.sweptUntilMs, batchSize);
      await Promise.all(
        holdIds.map((holdId) => this.ledger.execute({ type: 'ExpireHold', holdId })),
      );
      found += holdIds.length;
      if (holdIds.length < batchSize) {
        this.remember(nowMs);
        return found;
      }
    }
  }

  private remember(nowMs: number): void {
    const startOver = nowMs - this.lastFullSweepMs > fullSweepMs && this.sweptUntilMs > 0;
    if (this.sweptUntilMs === 0) this.lastFullSweepMs = nowMs;
    this.sweptUntilMs = startOver ? 0 : nowMs - safetyMs;
  }
}
