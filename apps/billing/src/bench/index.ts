/** What the repository's benchmarks need of billing; no service imports this. */
export { Ledger } from '../ledger/ledger.writer.js';
export { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
export { grant, hold } from '../test/commands.js';
