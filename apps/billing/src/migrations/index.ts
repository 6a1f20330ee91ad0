import { CustomerReads1763900000019 } from './1763900000019-customer-reads.js';
import { Ledger1763800000000 } from './1763800000000-ledger.js';
import { PriceBooks1764000000022 } from './1764000000022-price-books.js';
import { Proofs1764100000000 } from './1764100000000-proofs.js';
import { Statements1764200000000 } from './1764200000000-statements.js';
import { Payments1764000000007 } from './1764000000007-payments.js';

/** The service's schema and database role are named for it. */
export const schema = 'billing';

/** In the order in which they run. */
export const migrations = [
  Ledger1763800000000,
  CustomerReads1763900000019,
  Payments1764000000007,
  PriceBooks1764000000022,
  Proofs1764100000000,
  Statements1764200000000,
];
