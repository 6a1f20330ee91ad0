import { z } from 'zod';
import { receipt } from './moderation.js';
import { operation } from './operation.js';
import {
  accountId,
  appealId,
  consentId,
  decisionId,
  digest,
  instant,
  keyId,
  reportId,
  watermarkId,
} from './scalars.js';

/** A customer asks for a person to look again. */
export const appeal = z.object({
  appealId,
  decisionId,
  state: z.enum(['open', 'upheld', 'overturned']),
  createdAt: instant,
});
export type Appeal = z.infer<typeof appeal>;

/** Refusal: `decision.not_found`, also for another account's decision. */
export const getDecision = operation(
  'moderation.get-decision',
  z.object({ decisionId, accountId }),
  z.object({ receipt, appealable: z.boolean(), appeal: appeal.nullable() }),
);

/**
 * Refusals: `decision.not_found`, `decision.passed`, `decision.not_appealable {ruleId}` (floor rules
 * F1 and F5, and what a test key forced), `appeal.exists {appealId}`.
 */
export const appealDecision = operation(
  'moderation.appeal-decision',
  z.object({ decisionId, accountId, keyId, statement: z.string() }),
  appeal,
);

/** Somebody's consent to the processing of a face, as a customer says that it was given. */
export const consent = z.object({
  consentId,
  /** `null` once they are erased. */
  subject: z.string().nullable(),
  purpose: z.string().nullable(),
  /** SHA-256 of the evidence, which the customer keeps. */
  evidenceDigest: digest,
  expiresAt: instant.nullable(),
  createdAt: instant,
  revokedAt: instant.nullable(),
  /** Neither revoked nor over nor erased, by the database's clock. */
  live: z.boolean(),
});
export type Consent = z.infer<typeof consent>;

export const recordConsent = operation(
  'moderation.record-consent',
  z.object({
    accountId,
    keyId,
    subject: z.string(),
    purpose: z.string(),
    evidenceDigest: digest,
    expiresAt: instant.nullable(),
  }),
  consent,
);

/** Refusal: `consent.not_found`, also for another account's. */
export const getConsent = operation(
  'moderation.get-consent',
  z.object({ accountId, consentId }),
  consent,
);

/** Ends a consent for good; revoking again changes nothing. Refusal: `consent.not_found`. */
export const revokeConsent = operation(
  'moderation.revoke-consent',
  z.object({ accountId, consentId }),
  consent,
);

/**
 * Ends what leans on a consent that is over: open jobs are cancelled at no charge; of those that have
 * ended, words, input pictures and outputs are deleted. Does a part at a time and is idempotent: ask
 * again while `left`.
 */
export const withdrawConsent = operation(
  'jobs.withdraw-consent',
  z.object({ accountId, consentId }),
  z.object({ cancelled: z.int(), erased: z.int(), left: z.boolean() }),
  20_000,
);

/** An account's consents, the newest first. */
export const listConsents = operation(
  'moderation.list-consents',
  z.object({
    accountId,
    limit: z.int().min(1).max(100),
    /** Id of the last one seen. */
    before: consentId.nullable(),
  }),
  z.object({ consents: z.array(consent), next: consentId.nullable() }),
);

/**
 * Whether an output passed here that has exactly these bytes, says one of these ids in its watermark, or
 * looks like one of these PDQ hashes. `null` where none did.
 */
export const findOutput = operation(
  'moderation.find-output',
  z.object({
    digest,
    watermarks: z.array(watermarkId).max(16).default([]),
    likenesses: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .max(4)
      .default([]),
  }),
  z.object({
    /** When the very bytes passed first. */
    decidedAt: instant.nullable(),
    watermark: z.object({ id: watermarkId, madeAt: instant }).nullable(),
    /** The nearest: in how many of 256 bits it differs. */
    likeness: z.object({ distance: z.int(), madeAt: instant, fromPicture: z.boolean() }).nullable(),
  }),
);

/** What a person wrote something in: an appeal, a consent or a report. */
export const caseId = z.union([appealId, consentId, reportId]);

/**
 * For operators: what a person wrote in a case, to decide on it; `words` is `null` once it is erased.
 * Readings are logged with who reads. Refusal: `case.not_found`.
 */
export const readCase = operation(
  'moderation.read-case',
  z.object({ caseId, reader: z.string().min(1) }),
  z.object({
    words: z.record(z.string(), z.string().nullable()).nullable(),
    erasedAt: instant.nullable(),
  }),
);

/**
 * For operators: erases what a person wrote in a case, for good; the case stays. Idempotent. Refusal:
 * `case.not_found`.
 */
export const eraseCase = operation(
  'moderation.erase-case',
  z.object({ caseId }),
  z.object({ erasedAt: instant }),
);

/** For operators: the same for all appeals and consents of an account. Idempotent. */
export const eraseAccountCases = operation(
  'moderation.erase-account-cases',
  z.object({ accountId }),
  z.object({ erased: z.int() }),
);
