import { z } from 'zod';
import { instant } from '../scalars.js';
import { text } from './text.js';

/** What a key may be allowed to do. */
export const keyScope = z.enum([
  'jobs:read',
  'jobs:write',
  'faces:write',
  'account:read',
  'account:write',
  'keys:write',
  'webhooks:write',
]);
export type KeyScope = z.infer<typeof keyScope>;

const future = z.iso
  .datetime({ offset: true, message: 'must be a time like 2027-01-31T00:00:00Z' })
  .refine((time) => Date.parse(time) > Date.now(), 'must lie in the future');

/** The body of `POST /api/v1/keys`. */
export const makeKeyRequest = z.strictObject({
  name: text({ min: 0, max: 100 }).default(''),
  /** A test key's jobs run on the built-in engine and charge nothing. */
  kind: z.enum(['live', 'test'], 'must be live or test').default('live'),
  scopes: z
    .array(keyScope)
    .min(1, 'must name at least one scope')
    .transform((scopes) => [...new Set(scopes)]),
  /** Until revoked when left out. */
  expires_at: future.nullable().default(null),
});
export type MakeKeyRequest = z.output<typeof makeKeyRequest>;

const SECONDS_A_DAY = 86_400;
const OVERLAP_MAX_DAYS = 7;

/** The body of `POST /api/v1/keys/{id}/rotate`. */
export const rotateKeyRequest = z.strictObject({
  /** How long the old key goes on working; 0 ends it at once. */
  overlap_seconds: z
    .int(`must be a whole number of seconds, 0 to ${OVERLAP_MAX_DAYS * SECONDS_A_DAY}`)
    .min(0, 'must not be negative')
    .max(OVERLAP_MAX_DAYS * SECONDS_A_DAY, `must be at most ${OVERLAP_MAX_DAYS} days`)
    .default(SECONDS_A_DAY),
});
export type RotateKeyRequest = z.output<typeof rotateKeyRequest>;

/** A key as it is listed: never the key itself. */
export const keyResource = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['live', 'test']),
    /** Its first and last characters. */
    hint: z.string(),
    scopes: z.array(keyScope),
    created_at: instant,
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
    /** To the minute. */
    last_used_at: instant.nullable(),
  })
  .meta({ id: 'Key' });

/** A key with what was done to it, oldest first. */
export const keyWithHistory = keyResource
  .extend({
    history: z.array(
      z.strictObject({
        at: instant,
        action: z.string(),
        /** The key that did it. */
        by: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'KeyWithHistory' });

/** A key as it is told once, when it is made. */
export const madeKey = keyResource
  .extend({ key: z.string().meta({ description: 'Shown this once' }) })
  .meta({ id: 'MadeKey' });
export type KeyResource = z.infer<typeof keyResource>;
