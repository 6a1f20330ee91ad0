import type { submitJob } from '@safelight/contracts';
import type { z } from 'zod';

/** What a customer asks for, or what a failed job is made again of. */
export type Request = z.output<typeof submitJob.request> & {
  readonly retryOf?: string;
};
export type Reply = z.output<typeof submitJob.reply>;
