import { z } from 'zod';
import { outputStorage, s3Storage } from './http/output-storage.js';
import { operation } from './operation.js';
import { accountId, digest, jobId, outputId, outputMediaType } from './scalars.js';

/** Whether this deployment has an identity to copy outputs into customers' buckets with. */
export const storageAvailable = operation(
  'webhooks.storage-available',
  z.object({}),
  z.object({ available: z.boolean() }),
);

/**
 * A bucket for the outputs of one job, before the job is submitted: so its end is not missed.
 * Idempotent by job id. Refusal: `storage.not_configured`.
 */
export const attachStorage = operation(
  'webhooks.attach-storage',
  z.object({ jobId, accountId, s3: s3Storage.extend({ path: z.string() }) }),
  z.object({}),
);

/** The same bucket for a job that is made again; nothing where the first had none. As `attachStorage`. */
export const repeatStorage = operation(
  'webhooks.repeat-storage',
  z.object({ jobId, accountId, repeatOf: jobId }),
  z.object({}),
);

/** What became of the copies of these outputs; of each one, in the order of asking. */
export const toldStorage = operation(
  'webhooks.told-storage',
  z.object({
    jobId,
    accountId,
    outputs: z.array(z.object({ outputId, mediaType: outputMediaType })),
  }),
  z.object({ outputs: z.array(z.object({ outputId, storage: outputStorage })) }),
);

export const releasedOutput = z.object({ outputId, digest, mediaType: outputMediaType });
export type ReleasedOutput = z.infer<typeof releasedOutput>;

/**
 * The outputs of a job that have passed the release gate, each with the digest that its receipt speaks
 * of; `unknown` for a job that there is not, `deleted` for one whose outputs are gone. Answered by the
 * gateway, where the gate is.
 */
export const listReleased = operation(
  'gateway.list-released',
  z.object({ jobId, accountId }),
  z.object({
    state: z.enum(['unknown', 'open', 'completed', 'without_outputs', 'deleted']),
    outputs: z.array(releasedOutput),
  }),
);

/**
 * A piece of a released output, from `offset`; the gate is asked again for every piece. `null` for an
 * output that is not released, or is gone.
 */
export const readReleased = operation(
  'gateway.read-released',
  z.object({ jobId, accountId, outputId, offset: z.int().min(0) }),
  z.object({
    piece: z.object({ bytes: z.base64(), total: z.int() }).nullable(),
  }),
  5_000,
);

/** Bytes of a piece: in base64 well below what a broker takes for one message by default, 1 MiB. */
export const PIECE_BYTES = 512 * 1024;
