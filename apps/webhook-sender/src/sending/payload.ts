import { formatCredits, webhookPayload } from '@safelight/contracts';
import type { JobResource, JobStatus, WebhookPayload } from '@safelight/contracts';
import type { Due } from './claims.js';

/** Bytes. Receivers with a limit have it well above this (Standard Webhooks, "Payload structure"). */
export const BODY_MAX = 20_000;

/** The body of an event, below 20 kB whatever the job's owner wrote into its metadata. */
export function bodyOf(due: Due, data: WebhookPayload['data']): string {
  const whole = textOf(payloadOf(due, data, []));
  if (Buffer.byteLength(whole) < BODY_MAX || !('metadata' in data)) return whole;
  const bare = textOf(payloadOf(due, { ...data, metadata: {} }, ['metadata']));
  if (Buffer.byteLength(bare) < BODY_MAX) return bare;
  const least = { ...data, metadata: {}, outputs: [] };
  return textOf(payloadOf(due, least, ['metadata', 'outputs']));
}

const textOf = (payload: WebhookPayload): string => JSON.stringify(webhookPayload.parse(payload));

const payloadOf = (
  due: Due,
  data: WebhookPayload['data'],
  omitted: WebhookPayload['omitted'],
): WebhookPayload => ({
  id: due.event_id,
  type: due.type,
  timestamp: due.occurred_at.toISOString(),
  number: Number(due.number),
  sequence: due.sequence,
  test: due.test,
  poll_url: due.job_id === null ? null : `/api/v1/jobs/${due.job_id}`,
  omitted,
  data,
});

const MOCK_LINK = 'https://example.com/safelight-mock-output.png';

/** A job that was never made, in the status that a client wants to see: for test mode. */
export function mockJob(due: Due, jobId: string, status: JobStatus): JobResource {
  const at = due.occurred_at.toISOString();
  const hasEnded = status !== 'pending' && status !== 'processing';
  const isDone = status === 'completed';
  const nothing = formatCredits(0n);
  const price = formatCredits(1_000_000n);
  return {
    id: jobId,
    type: 'generate',
    status,
    test: true,
    ...{ visibility: 'private', inputs: [], retry_of: null, deleted_at: null },
    progress: isDone ? 100 : 0,
    model: 'mock',
    ...{ width: 1024, height: 1024, steps: 20, seed: 1 },
    price,
    charge: hasEnded
      ? { captured: isDone ? price : nothing, refunded: isDone ? nothing : price }
      : null,
    outputs: isDone ? [mockOutput(due, at)] : [],
    error: hasEnded && !isDone ? { code: 'mock', message: 'A mock event of test mode.' } : null,
    metadata: {},
    created_at: at,
    started_at: status === 'pending' ? null : at,
    ended_at: hasEnded ? at : null,
  };
}

/** Its ids are made from the event's, so that every try says the same. */
const mockOutput = (due: Due, at: string): JobResource['outputs'][number] => ({
  id: due.event_id.replace(/^evt_/, 'out_'),
  url: MOCK_LINK,
  media_type: 'image/png',
  ...{ width: 1024, height: 1024, seed: 1 },
  expires_at: at,
  moderation: { valid: true, confidence: 0, decision_id: due.event_id.replace(/^evt_/, 'dec_') },
});
