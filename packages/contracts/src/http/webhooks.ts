import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { instant } from '../scalars.js';
import { jobResource } from './job.js';
import { text } from './text.js';

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

const URL_MAX = 2048;

function faultOfUrl(value: string): string | undefined {
  if (value.length > URL_MAX) return `must be at most ${URL_MAX} characters`;
  if (!URL.canParse(value)) return 'must be an address like https://example.com/hooks';
  const url = new URL(value);
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username === '' && url.password === '') return undefined;
  return 'must carry no user name or password; check the signature instead';
}

/** Where a receiver listens. Whether it is a public one is judged when it is called, every time. */
export const webhookUrl = z.string().superRefine((value, context) => {
  const message = faultOfUrl(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

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

const moment = z.iso.datetime({
  offset: true,
  message: 'must be a time like 2027-01-31T00:00:00Z',
});
const eventNumber = z
  .int('must be a whole number, 1 or more')
  .min(1, 'must be 1 or more')
  .max(Number.MAX_SAFE_INTEGER, 'is larger than any number of an event');

/** The body of `POST /api/v1/webhooks/{id}/redeliver`: a range by time, or by number. */
export const redeliverRangeRequest = z
  .strictObject({
    since: moment.optional(),
    until: moment.optional(),
    from_number: eventNumber.optional(),
    to_number: eventNumber.optional(),
    /** Only what was never acknowledged. */
    missing_only: z.boolean('must be true or false').default(false),
  })
  .refine(
    ({ since, from_number }) => since !== undefined || from_number !== undefined,
    'must say where to begin; give since, or from_number',
  );
export type RedeliverRangeRequest = z.output<typeof redeliverRangeRequest>;

const pageLimit = z.coerce
  .number('must be a whole number from 1 to 100')
  .int('must be a whole number from 1 to 100')
  .min(1, 'must be from 1 to 100')
  .max(100, 'must be from 1 to 100')
  .default(20);

const cursorOf = (prefix: string) =>
  z
    .string()
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine(
      (id) => new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(id),
      'is not a cursor of this list; pass meta.next_cursor on unchanged',
    )
    .optional();

/** The query of `GET /api/v1/webhooks`. */
export const listWebhooksQuery = z.strictObject({ limit: pageLimit, cursor: cursorOf('whk') });
export type ListWebhooksQuery = z.output<typeof listWebhooksQuery>;

export const deliveryState = z.enum(['pending', 'delivered', 'failed']);

/** The query of `GET /api/v1/webhooks/{id}/deliveries`. */
export const listDeliveriesQuery = z.strictObject({
  limit: pageLimit,
  cursor: cursorOf('dlv'),
  state: z
    .enum(deliveryState.options, `must be one of ${deliveryState.options.join(', ')}`)
    .optional(),
});
export type ListDeliveriesQuery = z.output<typeof listDeliveriesQuery>;

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

/** One try at a delivery. */
export const attemptResource = z.strictObject({
  attempt: z.int(),
  at: instant,
  duration_ms: z.int(),
  /** The receiver's answer, if there was one. */
  http_status: z.int().nullable(),
  error: z.string().nullable(),
  next_attempt_at: instant.nullable(),
});

/** One event on its way to one receiver. */
export const deliveryResource = z.strictObject({
  id: z.string(),
  /** The header `webhook-id`, the same at every try. */
  event_id: z.string(),
  number: z.int(),
  type: webhookEventType,
  /** `true` for what a test button or test mode sent. */
  test: z.boolean(),
  job_id: z.string().nullable(),
  sequence: z.int().nullable(),
  state: deliveryState,
  occurred_at: instant,
  acknowledged_at: instant.nullable(),
  next_attempt_at: instant.nullable(),
  attempts: z.array(attemptResource),
});
export type DeliveryResource = z.infer<typeof deliveryResource>;

/** Which of a receiver's events it never acknowledged. */
export const gapReport = z.strictObject({
  /** The report goes from here (older deliveries are not kept) … */
  from_number: z.int(),
  /** … to here. */
  to_number: z.int(),
  missing_count: z.int(),
  /** The first thousand; `from` and `to` included. */
  missing: z.array(z.strictObject({ from: z.int(), to: z.int() })),
  /** Of those, how many are still being tried. */
  pending_count: z.int(),
});
export type GapReport = z.infer<typeof gapReport>;

/** What is left to tell of a job that its owner has deleted since. */
export const deletedJob = z.strictObject({
  id: z.string(),
  status: jobStatus,
  deleted: z.literal(true),
});

/** The body of a webhook. */
export const webhookPayload = z.strictObject({
  /** As in the header `webhook-id`. */
  id: z.string(),
  type: webhookEventType,
  /** When it happened. */
  timestamp: instant,
  /** This receiver's events are numbered 1, 2, 3…: a hole is an event that did not arrive. */
  number: z.int(),
  /** The number of the event in the job's timeline. */
  sequence: z.int().nullable(),
  test: z.boolean(),
  poll_url: z.string().nullable(),
  /** Fields of `data` that were emptied so that the body stays below 20 kB. */
  omitted: z.array(z.enum(['metadata', 'outputs'])),
  /** The job as the API shows it, as it was after this event; links live 15 minutes. */
  data: z.union([jobResource, deletedJob, z.strictObject({ webhook_id: z.string() })]),
});
export type WebhookPayload = z.infer<typeof webhookPayload>;
