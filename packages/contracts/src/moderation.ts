import { z } from 'zod';
import { inputRole } from './job-spec.js';
import { operation } from './operation.js';
import {
  accountId,
  consentId,
  decisionId,
  digest,
  instant,
  jobId,
  jobOperation,
  outputId,
  outputMediaType,
  watermarkId,
} from './scalars.js';

/**
 * How strongly something was seen: below 0.3, below 0.7, or more. The scores themselves are for staff,
 * so that nobody learns from receipts how near a way around is.
 */
export const scoreBand = z.enum(['low', 'medium', 'high']);
export type ScoreBand = z.infer<typeof scoreBand>;

/** What no other signed thing says in its place. */
export const RECEIPT_FORMAT = 'safelight-receipt-2';

/**
 * What a check leaves behind: signed, without the content it looked at.
 * `signature` is Ed25519 over the canonical JSON (sorted keys, no spaces) of all other fields. Fields
 * that may be absent are so in receipts that are older than they.
 */
export const receipt = z.object({
  format: z.literal(RECEIPT_FORMAT).optional(),
  decisionId,
  stage: z.enum(['prompt', 'output']),
  verdict: z.enum(['pass', 'block']),
  /** Flagged passes and people look at it; held does not pass until people say so. */
  action: z.enum(['allow', 'flag', 'hold', 'refuse']).optional(),
  jobId,
  accountId,
  /** SHA-256 of what was looked at. */
  subjectDigest: digest,
  policyVersion: z.string(),
  policyDigest: digest,
  ruleId: z.string().nullable(),
  category: z.string().nullable(),
  /** A band as a number: 1 (low), 50 (medium) or 99 (high: surely refused). */
  confidence: z.int().min(0).max(100),
  /** Scores by code, as bands; none where a rule of the floor refused. */
  scores: z.record(z.string(), scoreBand).optional(),
  classifiers: z.array(z.string()),
  /**
   * The banks of known hashes that were loaded, or that there was none; in pictures alone they are
   * looked for.
   */
  hashBanks: z.array(z.string()).optional(),
  decidedAt: instant,
  /** Until when a person can be asked to look again; `null` where there is nothing to appeal. */
  appealUntil: instant.nullable().optional(),
  /**
   * An earlier receipt of the same account, by the SHA-256 of its canonical JSON, signature and all;
   * `null` in the account's first.
   */
  previous: z.object({ decisionId, digest }).nullable().optional(),
  keyId: z.string(),
  signature: z.string(),
});
export type Receipt = z.infer<typeof receipt>;

/**
 * Looks at the words before anything is paid or drawn. Beside a picture they are held to stricter
 * rules: every one counts as one of a person. Pictures are looked for in the banks of known hashes and
 * looked into, for which moderation opens them; what is seen can only add a refusal. Idempotent by job
 * id. The first picture waits for the image models to load.
 */
export const screenPrompt = operation(
  'moderation.screen-prompt',
  z.object({
    jobId,
    accountId,
    prompt: z.string(),
    negativePrompt: z.string(),
    /** What is asked for; absent counts as the strictest. */
    operation: jobOperation.optional(),
    /** What an edit repaints where no mask was sent. */
    automask: z.enum(['subject', 'background']).nullable().default(null),
    /** Which part of a mask is repainted. */
    repaint: z.enum(['white', 'black', 'transparent']).default('white'),
    /** What the job leans on. */
    consent: consentId.nullable().default(null),
    pictures: z
      .array(
        z.object({
          /** SHA-256 of the input picture, as it was sent and as it was drawn anew. */
          digests: z.array(digest).min(1),
          mediaType: outputMediaType,
          role: inputRole.default('image'),
          /** Where it lies, and what opens it. */
          sealed: z.object({ key: z.string(), dataKey: z.base64(), digest }),
        }),
      )
      .default([]),
  }),
  z.object({ receipt }),
  30_000,
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
    /** The job began with pictures: what was seen in them is remembered. */
    besidePicture: z.boolean().default(true),
    /** What the job leans on: while it is not live, no output passes. */
    consent: consentId.nullable().default(null),
    /** Refuses them all, for clients that test how they take it. Nothing asks for the contrary. */
    refuseAll: z.boolean().default(false),
  }),
  z.object({ results: z.array(z.object({ outputId, receipt })) }),
  10_000,
);

/** The public halves of the keys that receipts were ever signed with (SPKI, base64), the newest last. */
export const getReceiptKeys = operation(
  'moderation.get-receipt-keys',
  z.object({}),
  z.object({ keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })) }),
);
