import type { submitJob } from '@safelight/contracts';
import type { z } from 'zod';

export type Request = z.output<typeof submitJob.request>;
export type Reply = z.output<typeof submitJob.reply>;
