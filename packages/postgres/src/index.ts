export { createPool, type PoolOptions } from './pool.js';
export { waitWithoutLimit } from './connection-watch.js';
export { kyselyOn, statementOf } from './kysely.js';
export { CustomerReads, EVERYBODY, type CustomerRead } from './customer-reads.js';
export { commit, inTransaction, rollback, survive } from './transaction.js';
export {
  transact,
  transactRecords,
  type Records,
  type Rows,
  type Statement,
} from './transact.js';
export { codeOf, isTransient, isUnreachable } from './faults.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { dataSourceOver, type RecordOptions } from './data-source.js';
export { migrate, type MigrateOptions, type MigrationClass } from './migrate.js';
export { provision, type ServiceAccess, type ServiceUrls } from './provision.js';
