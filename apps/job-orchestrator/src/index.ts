export { orchestratorService } from './service.js';
export { createContentKey } from './content/content-key.js';
