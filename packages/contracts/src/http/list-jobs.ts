import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { jobId } from '../scalars.js';
import { text } from './text.js';
import { limitParameter, timeParameter } from './parameters.js';

/** Cursors are opaque to clients: the last job id seen, in base64url. */
export const encodeCursor = (lastJobId: string): string =>
  Buffer.from(lastJobId).toString('base64url');

/** The cursor of a list of jobs: the last id seen, once parsed. */
export const jobCursor = z
  .string('must be given once')
  .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
  .refine(
    (id) => jobId.safeParse(id).success,
    'is not a cursor of this list; pass meta.next_cursor on unchanged',
  );

/** Every kind of job that the API knows. */
export const jobTypes = [
  'generate',
  'edit',
  'upscale',
  'face-swap',
  'video',
  'face-swap-video',
] as const;

const METADATA_PREFIX = 'metadata.';
const LABELS_MAX = 16;

/** The query of `GET /api/v1/jobs`, its labels gathered in `metadata`. */
export const jobFilters = z.strictObject({
  limit: limitParameter,
  cursor: jobCursor.optional(),
  status: z.enum(jobStatus.options, `must be one of ${jobStatus.options.join(', ')}`).optional(),
  type: z.enum(jobTypes, `must be one of ${jobTypes.join(', ')}`).optional(),
  /** Jobs made at this time or later. */
  created_after: timeParameter.optional(),
  /** Jobs made before this time. */
  created_before: timeParameter.optional(),
  /** Written as `metadata.<name>=<value>`, any number of them; a job must have them all. */
  metadata: z
    .record(
      text({ min: 1, max: 64 }),
      text({ min: 0, max: 512 }),
      'must be written as metadata.<name>=<value>',
    )
    .refine(
      (pairs) => Object.keys(pairs).length <= LABELS_MAX,
      `must name at most ${LABELS_MAX} fields`,
    )
    .default({}),
});

/** The query of `GET /api/v1/jobs`. */
export const listJobsQuery = z.preprocess(gatherMetadata, jobFilters);
export type ListJobsQuery = z.output<typeof listJobsQuery>;

/** `metadata.a=1&metadata.b=2` as one field. */
function gatherMetadata(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query;
  const isLabel = ([name]: [string, unknown]) => name.startsWith(METADATA_PREFIX);
  const pairs = Object.entries(query as Record<string, unknown>);
  const labels = pairs.filter(isLabel);
  if (labels.length === 0) return query;
  const rest = pairs.filter((pair) => !isLabel(pair));
  const metadata = labels.map(([name, value]) => [name.slice(METADATA_PREFIX.length), value]);
  return { ...Object.fromEntries(rest), metadata: Object.fromEntries(metadata) as unknown };
}
