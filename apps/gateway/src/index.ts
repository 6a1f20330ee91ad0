export type { RunningGateway } from './service.js';
export { gatewayService } from './service.js';
