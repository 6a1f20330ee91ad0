export { dispatchService } from './service.js';
export { explainJob } from './operator/explain.js';
