import { z } from 'zod';
import { operation } from './operation.js';
import {
  accountId,
  consentId,
  decisionId,
  digest,
  instant,
  jobId,
  outputId,
  outputMediaType,
  watermarkId,
} from './scalars.js';

/**
 * What a check leaves behind: signed, without the content it looked at.
 * `signature` is Ed25519 over the canonical JSON (sorted keys, no spaces) of all other fields.
 */
export const receipt = z.object({
  decisionId,
  stage: z.enum(['prompt', 'output']),
  verdict: z.enum(['pass', 'block']),
  jobId,
  accountId,
  /** SHA-256 of what was looked at. */
  subjectDigest: digest,
  policyVersion: z.string(),
  policyDigest: digest,
  ruleId: z.string().nullable(),
  category: z.string().nullable(),
  /** 0 (surely fine) to 100 (surely refused). */
  confidence: z.int().min(0).max(100),
  classifiers: z.array(z.string()),
  /**
   * The banks of known hashes that were loaded, or that there was none; in pictures alone they are
   * looked for. Absent in receipts that are older than banks.
   */
  hashBanks: z.array(z.string()).optional(),
  decidedAt: instant,
  keyId: z.string(),
  signature: z.string(),
});
export type Receipt = z.infer<typeof receipt>;

/**
 * Looks at the words before anything is paid or drawn. Beside a picture they are held to stricter
 * rules: as long as nobody looks into pictures, every one counts as one of a person; and pictures are
 * looked for in the banks of known hashes, for which moderation opens them. Idempotent by job id.
 */
export const screenPrompt = operation(
  'moderation.screen-prompt',
  z.object({
    jobId,
    accountId,
    prompt: z.string(),
    negativePrompt: z.string(),
    pictures: z
      .array(
        z.object({
          /** SHA-256 of the input picture, as it was sent and as it was drawn anew. */
          digests: z.array(digest).min(1),
          mediaType: outputMediaType,
          /** Where it lies, and what opens it. */
          sealed: z.object({ key: z.string(), dataKey: z.base64(), digest }),
        }),
      )
      .default([]),
  }),
  z.object({ receipt }),
  5_000,
);

/**
 * What screening these words would say now, and no more than that: nothing is recorded or signed, and
 * neither rule nor category is told. Only a receipt lets anything through.
 */
export const previewPrompt = operation(
  'moderation.preview-prompt',
  z.object({
    ...{ prompt: z.string(), negativePrompt: z.string() },
    /** The job has input pictures: the stricter rules hold. */
    besidePicture: z.boolean().default(false),
  }),
  z.object({ verdict: z.enum(['pass', 'block']) }),
);

export const storedOutput = z.object({
  outputId,
  /** Object key; belongs to one attempt of one job. */
  key: z.string(),
  digest,
  mediaType: outputMediaType,
  width: z.int(),
  height: z.int(),
  seed: z.int(),
  bytes: z.int(),
  /** How long a video is. */
  seconds: z.number().positive().optional(),
  /** What its invisible watermark says; absent where none was written. */
  watermark: watermarkId.optional(),
});
export type StoredOutput = z.infer<typeof storedOutput>;

/** Looks at the stored bytes of an attempt's outputs. Idempotent by job id and digest. */
export const checkOutputs = operation(
  'moderation.check-outputs',
  z.object({
    jobId,
    accountId,
    outputs: z.array(storedOutput).min(1),
    level: z.int().min(0).max(2),
    /** What the job leans on: while it is not live, no output passes. */
    consent: consentId.nullable().default(null),
    /** Refuses them all, for clients that test how they take it. Nothing asks for the contrary. */
    refuseAll: z.boolean().default(false),
    /** They were made from a picture: whatever looks like them may be that picture. */
    fromPicture: z.boolean().default(true),
  }),
  z.object({ results: z.array(z.object({ outputId, receipt })) }),
  10_000,
);

/** The public half of the key that signs receipts (SPKI, base64), for the release gate. */
export const getReceiptKey = operation(
  'moderation.get-receipt-key',
  z.object({}),
  z.object({ keyId: z.string(), publicKey: z.string() }),
);
