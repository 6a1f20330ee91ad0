export { createPool, type PoolOptions } from './pool.js';
export { kyselyOn } from './kysely.js';
export { commit, inTransaction, rollback, survive } from './transaction.js';
export { codeOf, isTransient, isUnreachable } from './faults.js';
export { GroupCommit, type GroupCommitOptions } from './group-commit.js';
export { dataSourceOver, type RecordOptions } from './data-source.js';
export { migrate, type MigrateOptions, type MigrationClass } from './migrate.js';
export { provision, type ServiceAccess, type ServiceUrls } from './provision.js';
