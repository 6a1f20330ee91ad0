import { z } from 'zod';
import { fileExtensions, instant, type OutputMediaType } from '../scalars.js';
import { text } from './text.js';

/** With the rest of an object's address it stays below what URLs and keys of objects may have. */
const PATH_BYTES_MAX = 500;
const CONTROL = /\p{Cc}/u;

const segmentsOf = (path: string): string[] => path.replace(/^\/+|\/+$/g, '').split('/');

/** A folder in a bucket. Slashes at its ends mean nothing; `/` alone is the bucket's root. */
const folder = (min: number) =>
  text({ min, max: PATH_BYTES_MAX }).superRefine((path, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
      complain(`must be at most ${PATH_BYTES_MAX} bytes in UTF-8; shorten it`);
    }
    if (CONTROL.test(path)) complain('must not contain control characters; remove them');
    const segments = segmentsOf(path);
    const isHollow = segments.length > 1 && segments.includes('');
    if (isHollow || segments.some((segment) => segment === '.' || segment === '..')) {
      complain('must not contain //, or . or .. between slashes: URLs would lead elsewhere');
    }
  });

const addressed = {
  region: z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be a region like eu-central-1'),
  bucket: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be the name of a bucket, 3 to 63 characters',
    ),
  /** Each output keeps a file name of its own, `out_….png`, so that none overwrites another. */
  save_to_path_directly: z.boolean('must be true or false').default(false),
};

/**
 * A bucket of the customer's that outputs are copied to: into `path`, in a folder for each job unless
 * `save_to_path_directly`.
 */
export const s3Storage = z.strictObject({ ...addressed, path: folder(1) });
export type S3Storage = z.output<typeof s3Storage>;

/** As Novita's clients send it: they may leave the path empty. */
export const novitaS3Storage = z.strictObject({ ...addressed, path: folder(0) });

/** The key of an output in the customer's bucket: the same at every try, and no other output's. */
export function bucketKeyOf(
  { path, save_to_path_directly: isDirect }: Pick<S3Storage, 'path' | 'save_to_path_directly'>,
  output: {
    readonly jobId: string;
    readonly outputId: string;
    readonly mediaType: OutputMediaType;
  },
): string {
  const file = `${output.outputId}.${fileExtensions[output.mediaType]}`;
  const parts = [...segmentsOf(path), isDirect ? '' : output.jobId, file];
  return parts.filter((part) => part !== '').join('/');
}

/** Why an output is not in the bucket, or not yet. */
export const storageErrorCode = z.enum([
  'bucket_missing',
  'access_denied',
  'wrong_region',
  'bucket_refused',
  'bucket_busy',
  'bucket_unreachable',
  'identity_refused',
  'not_available',
  'output_deleted',
]);
export type StorageErrorCode = z.infer<typeof storageErrorCode>;

/** What became of the copy of an output: with the outputs of jobs that asked for one. */
export const outputStorage = z.strictObject({
  /** `unknown`: whoever copies does not answer now; read the job again later. */
  state: z.enum(['pending', 'delivered', 'failed', 'unknown']),
  region: z.string().nullable(),
  bucket: z.string().nullable(),
  key: z.string().nullable(),
  attempts: z.int(),
  /** Of the last attempt, unless that delivered it. */
  error: z.strictObject({ code: storageErrorCode, message: z.string() }).nullable(),
  delivered_at: instant.nullable(),
  next_attempt_at: instant.nullable(),
});
export type OutputStorage = z.infer<typeof outputStorage>;
