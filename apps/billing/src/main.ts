import { runService } from '@safelight/telemetry';
import { billingService } from './service.js';

await runService(billingService);
