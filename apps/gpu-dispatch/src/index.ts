export { undescribed, type Pool } from './pools/pool.js';
export { deletePool, readPools, writePool } from './pools/pools.sql.js';
export { dispatchService } from './service.js';
