import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { instant } from '../scalars.js';
import { text } from './text.js';
import { cursorOf, pageLimit } from './webhook-paging.js';
import { webhookUrl } from './webhook-url.js';

export { webhookUrl } from './webhook-url.js';

/** Everything that a webhook can tell of a job. */
export const jobEventType = z.enum([
  'job.queued',
  'job.processing',
  'job.completed',
  'job.failed',
  'job.blocked',
  'job.cancelled',
]);
export type JobEventType = z.infer<typeof jobEventType>;

/** `webhook.test` is what the test button sends. */
export const webhookEventType = z.enum([...jobEventType.options, 'webhook.test']);
export type WebhookEventType = z.infer<typeof webhookEventType>;

/** The events after which nothing follows. */
export const endEventTypes: readonly JobEventType[] = [
  'job.completed',
  'job.failed',
  'job.blocked',
  'job.cancelled',
];

const eventFilter = z
  .array(z.enum(jobEventType.options, `must be one of ${jobEventType.options.join(', ')}`))
  .min(1, 'must name at least one event, or be left out for the four ends of a job')
  .transform((events) => [...new Set(events)])
  .default([...endEventTypes]);

/** A webhook for one job alone, given with the request that makes the job. */
export const requestWebhook = z.strictObject({
  url: webhookUrl,
  /** The four ends of a job when left out. */
  events: eventFilter,
  /** Sends one mock event of this status at once; the job runs, and tells of itself, as ever. */
  test_mode: z
    .strictObject({
      enabled: z.boolean('must be true or false').default(false),
      return_status: z
        .enum(jobStatus.options, `must be one of ${jobStatus.options.join(', ')}`)
        .default('completed'),
    })
    .default({ enabled: false, return_status: 'completed' }),
});
export type RequestWebhook = z.output<typeof requestWebhook>;

/** To spread into the body of every request that makes a job. */
export const webhookField = { webhook: requestWebhook.optional() };

/** The body of `POST /api/v1/webhooks`. */
export const makeWebhookRequest = z.strictObject({
  url: webhookUrl,
  events: eventFilter,
  description: text({ min: 0, max: 200 }).default(''),
});
export type MakeWebhookRequest = z.output<typeof makeWebhookRequest>;

const SECONDS_A_DAY = 86_400;
const OVERLAP_MAX_DAYS = 7;

/** The body of `POST /api/v1/webhooks/{id}/rotate` and of `POST /api/v1/webhooks/secret/rotate`. */
export const rotateWebhookRequest = z.strictObject({
  /** How long events are signed with the old secret as well; 0 ends it at once. */
  overlap_seconds: z
    .int(`must be a whole number of seconds, 0 to ${OVERLAP_MAX_DAYS * SECONDS_A_DAY}`)
    .min(0, 'must not be negative')
    .max(OVERLAP_MAX_DAYS * SECONDS_A_DAY, `must be at most ${OVERLAP_MAX_DAYS} days`)
    .default(SECONDS_A_DAY),
});
export type RotateWebhookRequest = z.output<typeof rotateWebhookRequest>;

/** The query of `GET /api/v1/webhooks`. */
export const listWebhooksQuery = z.strictObject({ limit: pageLimit, cursor: cursorOf('whk') });
export type ListWebhooksQuery = z.output<typeof listWebhooksQuery>;

/** A receiver of events, as it is listed: never its secret. */
export const webhookResource = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(jobEventType),
  description: z.string(),
  /** Of a webhook that was given with the request for one job. */
  job_id: z.string().nullable(),
  status: z.enum(['active', 'disabled']),
  /** `gone`: it answered 410. */
  disabled_reason: z.enum(['gone']).nullable(),
  disabled_at: instant.nullable(),
  /** The number of its newest event. */
  last_number: z.int(),
  created_at: instant,
});
export type WebhookResource = z.infer<typeof webhookResource>;

/** What signatures are made and checked with; the secret is shown to its owner alone. */
export const signingSecretResource = z.strictObject({
  /** `whsec_…`, of signatures `v1` (HMAC-SHA256). */
  secret: z.string(),
  /** `whpk_…`, of signatures `v1a` (Ed25519): enough to check, useless for signing. */
  public_key: z.string(),
  created_at: instant,
});
export type SigningSecretResource = z.infer<typeof signingSecretResource>;

/** A webhook as it is answered once, when it is made or its secret rotated. */
export const madeWebhookResource = webhookResource.extend({ signing: signingSecretResource });

/** The answer of `DELETE /api/v1/webhooks/{id}`. */
export const removedWebhookResource = z.strictObject({ id: z.string(), deleted: z.literal(true) });

/** The answer of `POST /api/v1/webhooks/{id}/test`. */
export const testedWebhookResource = z.strictObject({
  delivery_id: z.string(),
  event_id: z.string(),
});
