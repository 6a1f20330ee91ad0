import { runService } from '@safelight/telemetry';
import { webhookService } from './service.js';

await runService(webhookService);
