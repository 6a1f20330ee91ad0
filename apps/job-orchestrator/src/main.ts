import { runService } from '@safelight/telemetry';
import { orchestratorService } from './service.js';

await runService(orchestratorService);
