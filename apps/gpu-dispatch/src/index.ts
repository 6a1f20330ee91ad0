export { dispatchService } from './service.js';
export { explainJob } from './operator/explain.js';
export { knownWorkers, letGo, putAway, type KnownWorker } from './workers/operators.js';
