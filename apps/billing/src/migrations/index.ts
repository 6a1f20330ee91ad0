import { Ledger1763800000000 } from './1763800000000-ledger.js';
import { Proofs1764100000000 } from './1764100000000-proofs.js';

/** The service's schema and database role are named for it. */
export const schema = 'billing';

/** In the order in which they run. */
export const migrations = [Ledger1763800000000, Proofs1764100000000];
