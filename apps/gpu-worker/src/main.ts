import { runService } from '@safelight/telemetry';
import { workerService } from './service.js';

await runService(workerService);
