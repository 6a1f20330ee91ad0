export { workerService } from './service.js';
