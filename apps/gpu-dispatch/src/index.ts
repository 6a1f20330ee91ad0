export { dispatchService } from './service.js';
export { knownWorkers, letGo, putAway, type KnownWorker } from './workers/operators.js';
