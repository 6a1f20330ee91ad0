import { runService } from '@safelight/telemetry';
import { dispatchService } from './service.js';

await runService(dispatchService);
