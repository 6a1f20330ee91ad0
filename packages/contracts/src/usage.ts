import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, instant, keyId, micros } from './scalars.js';

/** Jobs and captured credits from `from` until before `to`, by UTC day, model and key; newest first. */
export const getUsage = operation(
  'jobs.usage',
  z.object({ accountId, from: instant, to: instant }),
  z.object({
    rows: z.array(
      z.object({
        day: z.string(),
        model: z.string(),
        /** `null` for jobs of before keys were noted. */
        keyId: keyId.nullable(),
        jobs: z.int(),
        completed: z.int(),
        capturedMicros: micros,
      }),
    ),
  }),
  10_000,
);
