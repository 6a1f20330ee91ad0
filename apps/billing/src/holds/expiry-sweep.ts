import type { Kysely } from 'kysely';
import type { Ledger } from '../ledger/ledger.writer.js';
import { Sweep } from '../sweep.js';
import { readExpiredHolds } from './expired-holds.sql.js';

/**
 * Voids holds whose time is over by the database's clock, so that no customer's credits stay set
 * aside for a job that never came to be. Any number of processes may sweep at once: a hold is
 * resolved once, and the second to come only reads how.
 */
export class ExpirySweep {
  private readonly sweep: Sweep;

  /** @param lookAt - how many at a time; replaced only by tests */
  constructor(ledger: Ledger, db: Kysely<unknown>, lookAt?: number) {
    this.sweep = new Sweep(
      (afterMs, limit) => readExpiredHolds(db, afterMs, limit),
      (holdId) => ledger.execute({ type: 'ExpireHold', holdId }),
      lookAt,
    );
  }

  /** @returns how many holds were found unresolved past their time. */
  run(): Promise<number> {
    return this.sweep.run();
  }
}
