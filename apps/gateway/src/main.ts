import { runService } from '@safelight/telemetry';
import { gatewayService } from './service.js';

await runService(gatewayService);
