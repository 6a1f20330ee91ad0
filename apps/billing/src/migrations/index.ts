import { Ledger1763800000000 } from './1763800000000-ledger.js';
import { Payments1764000000007 } from './1764000000007-payments.js';

/** The service's schema and database role are named for it. */
export const schema = 'billing';

/** In the order in which they run. */
export const migrations = [Ledger1763800000000, Payments1764000000007];
