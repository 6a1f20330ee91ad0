import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, digest, instant, jobId, outputId, reportId } from './scalars.js';

/** Who signed a report, and for whom: what the law asks of a notice. */
export const signedNotice = z.object({ name: z.string(), onBehalfOf: z.string().nullable() });

/** What moderation says under its signature: Ed25519 over the canonical JSON of all other fields. */
const signedStatement = { keyId: z.string(), signature: z.string() };

/** That a report was received, and by when it is decided. */
export const acknowledgement = z.object({
  statement: z.literal('report-received'),
  reportId,
  receivedAt: instant,
  dueAt: instant,
  /** Whether everything that was found is disabled before anybody looks. */
  disabledFirst: z.boolean(),
  ...signedStatement,
});

/** That everything that was found is disabled, and what became of the report. */
export const takedownCertificate = z.object({
  statement: z.literal('takedown'),
  reportId,
  receivedAt: instant,
  disabledAt: instant,
  state: z.enum(['disabled', 'taken_down', 'dismissed']),
  decidedAt: instant.nullable(),
  /** How many files, and the SHA-256 of each one's bytes. */
  copies: z.int(),
  digests: z.array(digest),
  ...signedStatement,
});

export const reportState = z.enum(['open', 'disabled', 'taken_down', 'dismissed']);

/**
 * Anybody's report of an image: by its job, its output or its bytes. To be decided by `dueAt`. With a
 * signed notice, or where it is about a minor, what is found is disabled before anybody looks.
 */
export const fileReport = operation(
  'moderation.file-report',
  z.object({
    jobId: jobId.nullable(),
    outputId: outputId.nullable(),
    imageDigest: digest.nullable(),
    /** PDQ of the image in all eight orientations; none where it shows too little. */
    imageHashes: z.array(digest).max(16).default([]),
    reason: z.string(),
    details: z.string(),
    contact: z.string().nullable(),
    notice: signedNotice.nullable().default(null),
  }),
  z.object({
    reportId,
    state: z.literal('open'),
    createdAt: instant,
    dueAt: instant,
    /** Whoever has it may read the report. */
    handle: z.string(),
    acknowledgement,
  }),
);

/** Refusal: `report.not_found`, also for a wrong handle. */
export const getReport = operation(
  'moderation.get-report',
  z.object({ reportId, handle: z.string() }),
  z.object({
    reportId,
    state: reportState,
    createdAt: instant,
    dueAt: instant,
    disabledAt: instant.nullable(),
    decidedAt: instant.nullable(),
    /** `null` until everything that was found is disabled. */
    certificate: takedownCertificate.nullable(),
  }),
);

/**
 * An output is withheld from its owner because of a case, or given back. Idempotent; an output that
 * several cases withhold comes back with the last. Refusal: `job.not_found`.
 */
export const withholdOutput = operation(
  'jobs.withhold-output',
  z.object({ jobId, outputId, caseId: z.string(), withheld: z.boolean() }),
  z.object({}),
);

/**
 * The gateway refuses an account's keys and links, or takes them again. `version` orders changes that
 * arrive in another order than they were made: only a later one counts. `known` is `false` for an
 * account that the gateway never opened.
 */
export const setAccountStanding = operation(
  'gateway.set-account-standing',
  z.object({
    accountId,
    suspended: z.boolean(),
    suspensionId: z.string(),
    version: z.int().positive(),
  }),
  z.object({ known: z.boolean() }),
);

/**
 * Ends the open jobs of a suspended account: they are cancelled at no charge. Does a part at a time and
 * is idempotent: ask again while `left`.
 */
export const endAccountJobs = operation(
  'jobs.end-account-jobs',
  z.object({ accountId, suspensionId: z.string() }),
  z.object({ cancelled: z.int(), left: z.boolean() }),
  20_000,
);
