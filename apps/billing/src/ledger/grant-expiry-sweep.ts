import type { Kysely } from 'kysely';
import { Sweep } from '../sweep.js';
import { readExpiredGrants } from './expired-grants.sql.js';
import type { Ledger } from './ledger.writer.js';

/**
 * Takes back what is left of grants whose time is over by the database's clock. Nobody can spend it
 * from that moment on; the sweep only makes the balance say so.
 */
export class GrantExpirySweep {
  private readonly sweep: Sweep;

  constructor(ledger: Ledger, db: Kysely<unknown>) {
    this.sweep = new Sweep(
      (afterMs, limit) => readExpiredGrants(db, afterMs, limit),
      (grantId) => ledger.execute({ type: 'ExpireGrant', grantId }),
    );
  }

  /** @returns of how many grants something was left. */
  run(): Promise<number> {
    return this.sweep.run();
  }
}
