import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { jobId } from '../scalars.js';

/** Cursors are opaque to clients: the last job id seen, in base64url. */
export const encodeCursor = (lastJobId: string): string =>
  Buffer.from(lastJobId).toString('base64url');

const LIMIT_DEFAULT = 20;

/** The query of `GET /api/v1/jobs`. */
export const listJobsQuery = z.strictObject({
  limit: z.coerce
    .number('must be a whole number from 1 to 100')
    .int('must be a whole number from 1 to 100')
    .min(1, 'must be from 1 to 100')
    .max(100, 'must be from 1 to 100')
    .default(LIMIT_DEFAULT)
    .meta({ override: { type: 'integer', minimum: 1, maximum: 100 } }),
  cursor: z
    .string()
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine(
      (id) => jobId.safeParse(id).success,
      'is not a cursor of this list; pass meta.next_cursor on unchanged',
    )
    .optional(),
  status: z.enum(jobStatus.options, `must be one of ${jobStatus.options.join(', ')}`).optional(),
});
export type ListJobsQuery = z.output<typeof listJobsQuery>;
