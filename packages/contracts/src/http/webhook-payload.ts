import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { instant } from '../scalars.js';
import { jobResource } from './job.js';
import { webhookEventType } from './webhooks.js';

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
