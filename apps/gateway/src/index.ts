export { createHttpAdapter } from './http/server.js';
export type { RunningGateway } from './service.js';
export { gatewayService } from './service.js';
