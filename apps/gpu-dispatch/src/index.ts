export { undescribed, type Pool } from './pools/pool.js';
export { deletePool, readPools, writePool } from './pools/pools.sql.js';
export { dispatchService } from './service.js';
export { explainJob } from './operator/explain.js';
export { knownWorkers, letGo, putAway, type KnownWorker } from './workers/operators.js';
