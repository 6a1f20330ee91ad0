import { runService } from '@safelight/telemetry';
import { moderationService } from './service.js';

await runService(moderationService);
