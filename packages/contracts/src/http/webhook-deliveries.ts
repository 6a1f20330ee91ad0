import { z } from 'zod';
import { instant } from '../scalars.js';
import { cursorOf, pageLimit } from './webhook-paging.js';
import { webhookEventType } from './webhooks.js';

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

/** The answer of `POST /api/v1/webhooks/{id}/redeliver`. */
export const redeliveredRangeResource = z.strictObject({
  count: z.int(),
  /** There were more than are taken at once: ask again from the next number. */
  truncated: z.boolean(),
});

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
