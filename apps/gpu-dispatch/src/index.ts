export { dispatchService } from './service.js';
