import { z } from 'zod';
import { jobResource } from './http/job.js';
import { deliveryState } from './http/webhook-deliveries.js';
import { deletedJob } from './http/webhook-payload.js';
import { jobEventType, webhookEventType } from './http/webhooks.js';
import { jobStatus } from './jobs.js';
import { operation } from './operation.js';
import { accountId, instant, jobId, prefixedId } from './scalars.js';

export const webhookId = prefixedId('whk');
export const deliveryId = prefixedId('dlv');

export type DeletedJob = z.infer<typeof deletedJob>;

/** What an event looks like: ours, or as the clients of a dialect know it. */
export const webhookForm = z.enum(['native', 'images', 'novita']);
export type WebhookForm = z.infer<typeof webhookForm>;

export const webhookEndpoint = z.object({
  id: webhookId,
  url: z.string(),
  events: z.array(jobEventType),
  description: z.string(),
  jobId: jobId.nullable(),
  disabledReason: z.enum(['gone']).nullable(),
  disabledAt: instant.nullable(),
  lastNumber: z.int(),
  createdAt: instant,
});
export type WebhookEndpoint = z.infer<typeof webhookEndpoint>;

export const signingSecret = z.object({
  secret: z.string(),
  publicKey: z.string(),
  createdAt: instant,
});
export type SigningSecret = z.infer<typeof signingSecret>;

const ofAccount = z.object({ accountId });
const ofEndpoint = z.object({ accountId, webhookId });
const withSecret = z.object({ endpoint: webhookEndpoint, signing: signingSecret });
/** Includes asking DNS about the receiver. */
const WITH_LOOKUP_MS = 5_000;

/** Refusals: `webhook.too_many {most}`, `webhook.url_refused {message}`. */
export const registerWebhook = operation(
  'webhooks.register',
  ofAccount.extend({ url: z.string(), events: z.array(jobEventType), description: z.string() }),
  withSecret,
  WITH_LOOKUP_MS,
);

/** The account's own, newest first; those of single jobs are not listed. */
export const listWebhooks = operation(
  'webhooks.list',
  ofAccount.extend({ limit: z.int().min(1).max(100), before: webhookId.nullable() }),
  z.object({ endpoints: z.array(webhookEndpoint), next: webhookId.nullable() }),
);

/** Refusal: `webhook.not_found`, as of all that follow. */
export const getWebhook = operation(
  'webhooks.get',
  ofEndpoint,
  z.object({ endpoint: webhookEndpoint }),
);
/** Nothing more is sent to it, whatever is under way. */
export const removeWebhook = operation('webhooks.remove', ofEndpoint, z.object({}));
/** Takes one that answered 410 into service again. */
export const enableWebhook = operation(
  'webhooks.enable',
  ofEndpoint,
  z.object({ endpoint: webhookEndpoint }),
);
/** A new secret; the old one signs as well for `overlapSeconds`. Two live at most. */
export const rotateWebhook = operation(
  'webhooks.rotate',
  ofEndpoint.extend({ overlapSeconds: z.int() }),
  withSecret,
);

/** What the webhooks of single jobs are signed with; made when it is first asked for. */
export const getAccountSecret = operation(
  'webhooks.account-secret',
  ofAccount,
  z.object({ signing: signingSecret }),
);
export const rotateAccountSecret = operation(
  'webhooks.rotate-account-secret',
  ofAccount.extend({ overlapSeconds: z.int() }),
  z.object({ signing: signingSecret }),
);

/**
 * A webhook for one job, before the job is submitted: so none of its events is missed. Idempotent by
 * job id. Refusal: `webhook.url_refused {message}`.
 */
export const attachWebhook = operation(
  'webhooks.attach',
  ofAccount.extend({
    jobId,
    url: z.string(),
    events: z.array(jobEventType),
    /** Send a mock event of this status at once. */
    mockStatus: jobStatus.nullable(),
    form: webhookForm.default('native'),
  }),
  z.object({ webhookId }),
  WITH_LOOKUP_MS,
);

/** Sends `webhook.test`. Refusals: `webhook.not_found`, `webhook.disabled`. */
export const testWebhook = operation(
  'webhooks.test',
  ofEndpoint,
  z.object({ deliveryId, eventId: z.string() }),
);

export const webhookDelivery = z.object({
  id: deliveryId,
  eventId: z.string(),
  number: z.int(),
  type: webhookEventType,
  test: z.boolean(),
  jobId: jobId.nullable(),
  sequence: z.int().nullable(),
  state: deliveryState,
  occurredAt: instant,
  acknowledgedAt: instant.nullable(),
  dueAt: instant.nullable(),
  attempts: z.array(
    z.object({
      attempt: z.int(),
      at: instant,
      durationMs: z.int(),
      status: z.int().nullable(),
      error: z.string().nullable(),
      nextAt: instant.nullable(),
    }),
  ),
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

/** Newest first. */
export const listDeliveries = operation(
  'webhooks.deliveries',
  ofEndpoint.extend({
    limit: z.int().min(1).max(100),
    before: deliveryId.nullable(),
    state: deliveryState.nullable(),
  }),
  z.object({ deliveries: z.array(webhookDelivery), next: deliveryId.nullable() }),
);

/** Sends it again now, under the same id. Refusals: `webhook.not_found`, `webhook.disabled`. */
export const redeliver = operation(
  'webhooks.redeliver',
  ofEndpoint.extend({ deliveryId }),
  z.object({ delivery: webhookDelivery }),
);

export const redeliverRange = operation(
  'webhooks.redeliver-range',
  ofEndpoint.extend({
    since: instant.nullable(),
    until: instant.nullable(),
    fromNumber: z.int().nullable(),
    toNumber: z.int().nullable(),
    missingOnly: z.boolean(),
  }),
  /** `truncated`: there were more than are taken at once. */
  z.object({ count: z.int(), truncated: z.boolean() }),
);

export const webhookGaps = operation(
  'webhooks.gaps',
  ofEndpoint,
  z.object({
    fromNumber: z.int(),
    toNumber: z.int(),
    missingCount: z.int(),
    missing: z.array(z.object({ from: z.int(), to: z.int() })),
    pendingCount: z.int(),
  }),
  10_000,
);

/**
 * The job as the public API shows it, as it was when it came into this status, with fresh links to
 * what is released; `null` for a job that is there no more. Answered by the gateway: it alone signs
 * links, and the sender, which talks to strangers, holds nothing to sign them with.
 */
export const presentJob = operation(
  'gateway.present-job',
  z.object({ jobId, accountId, status: jobStatus }),
  z.object({ job: jobResource.nullable() }),
);

/**
 * The body of an event about a job in the form of a dialect. Answered by the gateway, where the
 * dialects are.
 */
export const wordEvent = operation(
  'gateway.word-event',
  z.object({
    form: webhookForm.exclude(['native']),
    url: z.string(),
    job: z.union([jobResource, deletedJob]),
  }),
  z.object({ body: z.record(z.string(), z.unknown()) }),
);

/**
 * Core NATS, by a sender that has something due and no place for it: whoever has one takes it. May be
 * lost: every sender looks for itself from time to time.
 */
export const WEBHOOKS_NOTICE_SUBJECT = 'safelight.notice.webhooks';
