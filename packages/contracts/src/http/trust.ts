import { z } from 'zod';
import { receipt } from '../moderation.js';
import { consentId, digest, instant, jobId } from '../scalars.js';
import { acknowledgement, reportState, takedownCertificate } from '../takedowns.js';
import { limitParameter, timeParameter } from './parameters.js';
import { text } from './text.js';

const future = timeParameter.refine(
  (time) => Date.parse(time) > Date.now(),
  'must lie in the future',
);

/** A customer's wish that a person looks again. */
export const appealResource = z.strictObject({
  id: z.string(),
  state: z.enum(['open', 'upheld', 'overturned']),
  created_at: instant,
});
export const appealAnswer = z.strictObject({ data: appealResource, meta: z.strictObject({}) });

/** A policy decision as `GET /api/v1/decisions/{id}` shows it. */
export const decisionResource = z.strictObject({
  id: z.string(),
  stage: z.enum(['prompt', 'output']),
  verdict: z.enum(['pass', 'block']),
  job_id: z.string(),
  policy_version: z.string(),
  rule_id: z.string().nullable(),
  category: z.string().nullable(),
  decided_at: instant,
  appealable: z.boolean(),
  appeal: appealResource.nullable(),
  /** Why it was refused or held, in sentences; `null` for what passed. */
  statement_of_reasons: z.string().nullable(),
  /** As it was signed: verify it by the key that it names. */
  receipt,
});
export type DecisionResource = z.infer<typeof decisionResource>;
export const decisionAnswer = z.strictObject({ data: decisionResource, meta: z.strictObject({}) });

/** A key that receipts are verified by. */
export const receiptKeyResource = z.strictObject({
  key_id: z.string(),
  algorithm: z.literal('Ed25519'),
  /** SPKI, DER, base64. */
  public_key: z.string(),
  /** What the signature covers. */
  signs: z.string(),
});
export const receiptKeysAnswer = z.strictObject({
  data: z.array(receiptKeyResource),
  meta: z.strictObject({}),
});

/** The body of `POST /api/v1/decisions/{id}/appeal`. */
export const appealRequest = z.strictObject({
  /** Why the decision is wrong; a person reads it. */
  statement: text({ min: 1, max: 2000 }),
});
export type AppealRequest = z.output<typeof appealRequest>;

/** The body of `POST /api/v1/consents`. */
export const consentRequest = z.strictObject({
  /** Who consented: a name of your own for the person, not necessarily theirs. */
  subject: text({ min: 1, max: 200 }),
  /** What for. */
  purpose: text({ min: 1, max: 500 }),
  /** SHA-256 (hex) of the evidence, which you keep. */
  evidence_sha256: digest,
  /** Until revoked when left out. */
  expires_at: future.nullable().default(null),
});
export type ConsentRequest = z.output<typeof consentRequest>;

export const consentResource = z.strictObject({
  id: z.string(),
  /** `null` once what you wrote was erased, as is the purpose. */
  subject: z.string().nullable(),
  purpose: z.string().nullable(),
  evidence_sha256: z.string(),
  /** Neither revoked nor over nor erased. */
  live: z.boolean(),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
});
export type ConsentResource = z.infer<typeof consentResource>;
export const consentAnswer = z.strictObject({ data: consentResource, meta: z.strictObject({}) });
export const consentsAnswer = z.strictObject({
  data: z.array(consentResource),
  meta: z.strictObject({ next_cursor: z.string().nullable() }),
});

/** The query of `GET /api/v1/consents`. */
export const consentsQuery = z.strictObject({
  limit: limitParameter,
  cursor: z
    .string('must be given once')
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine(
      (id) => consentId.safeParse(id).success,
      'is not a cursor of this list; pass meta.next_cursor on unchanged',
    )
    .optional(),
});
export type ConsentsQuery = z.output<typeof consentsQuery>;

const reasons = ['minor', 'sexual', 'likeness', 'violence', 'hate', 'copyright', 'other'] as const;

/** The body of `POST /api/v1/reports`: exactly one of `job_id`, `url` and `image`. */
export const reportRequest = z
  .strictObject({
    job_id: jobId.optional(),
    /** The link of an output, also one that is over. */
    url: text({ min: 1, max: 2048 }).optional(),
    /** The image itself in base64; only its digest and its perceptual hash are kept. */
    image: z.string().optional(),
    reason: z.enum(reasons, `must be one of ${reasons.join(', ')}`),
    details: text({ min: 0, max: 2000 }).default(''),
    /** Where to write to about it. Kept sealed, as `details` are, and erased after a time. */
    contact: z.email('must be an e-mail address').max(254).nullable().default(null),
    /**
     * A signed notice: what is found is disabled at once, before anybody decides. Needs `contact`.
     */
    notice: z
      .strictObject({
        /** Your name, as your signature. */
        signature: text({ min: 2, max: 200 }),
        /** The person shown, where you sign for somebody else. */
        on_behalf_of: text({ min: 2, max: 200 }).nullable().default(null),
        /** That you believe in good faith that the person shown did not consent. */
        good_faith: z.literal(true, 'must be true: without it this is no notice'),
      })
      .nullable()
      .default(null),
  })
  .refine(
    ({ job_id, url, image }) =>
      [job_id, url, image].filter((one) => one !== undefined).length === 1,
    'must name exactly one of job_id, url and image',
  )
  .refine(({ notice, contact }) => notice === null || contact !== null, {
    path: ['contact'],
    message: 'is needed with a notice: you are to be told what became of it',
  })
  .meta({
    override: {
      oneOf: [{ required: ['job_id'] }, { required: ['url'] }, { required: ['image'] }],
    },
  });
export type ReportRequest = z.output<typeof reportRequest>;

export const reportResource = z.strictObject({
  id: z.string(),
  state: z.literal('open'),
  created_at: instant,
  /** A decision is made until then: 48 hours. */
  due_at: instant,
  /** Told this once: with it you read what became of the report. */
  handle: z.string(),
  /** Signed as receipts of decisions are: proof that it was received. */
  acknowledgement,
});
export const reportAnswer = z.strictObject({ data: reportResource, meta: z.strictObject({}) });

/** The query of `GET /api/v1/reports/{id}`. */
export const reportQuery = z.strictObject({
  handle: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'must be the handle that was told when it was reported')
    .meta({ description: 'As it was told when it was reported' }),
});
export type ReportQuery = z.output<typeof reportQuery>;

/** What became of a report. */
export const reportStateResource = z.strictObject({
  id: z.string(),
  state: reportState,
  created_at: instant,
  due_at: instant,
  /** When everything that was found was disabled; `null` before. */
  disabled_at: instant.nullable(),
  decided_at: instant.nullable(),
  /** Signed as receipts of decisions are. */
  certificate: takedownCertificate.nullable(),
});
export type ReportStateResource = z.infer<typeof reportStateResource>;
export const reportStateAnswer = z.strictObject({
  data: reportStateResource,
  meta: z.strictObject({}),
});

/** The body of `POST /api/v1/provenance/verify`. */
export const verifyRequest = z.strictObject({
  /** Base64 of a JPEG, PNG, WebP or MP4, of at most 3.4 MB. */
  image: z.string(),
});
export type VerifyRequest = z.output<typeof verifyRequest>;

/** What is asked about a file, in the order in which it counts. */
export const provenanceReaders = [
  'content_credentials',
  'record',
  'watermark',
  'likeness',
  'mark',
] as const;

export const provenanceEvidence = z.strictObject({
  reader: z.enum(provenanceReaders),
  /** `not_read`: this could not be looked at, and `detail` says why. */
  finding: z.enum(['made_here', 'marked_by_others', 'nothing', 'not_read']),
  detail: z.string(),
  /** When the output was made that was found. */
  made_at: instant.nullable(),
});
export type ProvenanceEvidence = z.infer<typeof provenanceEvidence>;

export const provenanceResource = z.strictObject({
  /** `unknown` says nothing about how an image was made: marks can be taken off. */
  verdict: z.enum(['made_here', 'marked_by_others', 'unknown']),
  /** What each reader found; one is enough for `made_here`. */
  evidence: z.array(provenanceEvidence),
  sha256: z.string(),
  /** When this very file passed here; `null` when none with these bytes did. */
  recorded_at: instant.nullable(),
  /** What the file says of itself, which anybody could have written. */
  mark: z
    .strictObject({ digital_source_type: z.string(), creator_tool: z.string().nullable() })
    .nullable(),
  notice: z.string(),
});
export type ProvenanceResource = z.infer<typeof provenanceResource>;
export const provenanceAnswer = z.strictObject({
  data: provenanceResource,
  meta: z.strictObject({}),
});
