export { createHttpAdapter } from './http/server.js';
export type { GatewayOverrides, RunningGateway } from './service.js';
export { gatewayService } from './service.js';
