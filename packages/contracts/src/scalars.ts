import { z } from 'zod';

/**
 * Micro-credits on the wire: a decimal integer string, because JSON numbers lose precision;
 * a `bigint` once parsed. 1 credit = 1,000,000 micro-credits.
 */
export const micros = z
  .union([z.bigint(), z.string().regex(/^-?\d{1,18}$/, 'an integer number of micro-credits')])
  .transform((value) => BigInt(value));

/** RFC 3339 time in UTC. */
export const instant = z.iso.datetime();

/** The id in the watermark of a picture: 64 bits. */
export const watermarkId = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits');
/** SHA-256 of stored bytes, lower-case hex. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in hex');

export const mediaType = z.enum(['image/png', 'image/jpeg', 'image/webp']);
export type MediaType = z.infer<typeof mediaType>;

/** What a job can make. */
export const outputMediaType = z.enum([...mediaType.options, 'video/mp4']);
export type OutputMediaType = z.infer<typeof outputMediaType>;

/** How the files of outputs end, by their media type. */
export const fileExtensions: Readonly<Record<OutputMediaType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
};

/** `job_…`, `acc_…`: a prefix and a UUIDv7 in Crockford base32 (26 characters). */
export const prefixedId = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`), `an id that starts with ${prefix}_`);

export const accountId = prefixedId('acc');
export const jobId = prefixedId('job');
export const outputId = prefixedId('out');
export const decisionId = prefixedId('dec');
export const keyId = prefixedId('key');

/** An image that was sent once, to be used by many jobs. */
export const uploadId = prefixedId('upl');

/** What a job does. A model that is on offer names those that it can do. */
export const jobOperation = z.enum([
  'generate',
  'edit',
  'upscale',
  'face-swap',
  'video',
  'face-swap-video',
]);
export type JobOperation = z.infer<typeof jobOperation>;
export const consentId = prefixedId('cns');
export const reportId = prefixedId('rpt');
export const appealId = prefixedId('apl');

/** How urgently a job is served; each lane is a strict class of its own in the queue. */
export const lane = z.enum(['interactive', 'standard', 'batch']);
export type Lane = z.infer<typeof lane>;

/** A purchase of credits. */
export const topUpId = prefixedId('top');
