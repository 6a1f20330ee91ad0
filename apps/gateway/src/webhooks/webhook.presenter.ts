import type {
  DeliveryResource,
  SigningSecret,
  SigningSecretResource,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookResource,
} from '@safelight/contracts';

export const presentWebhook = (endpoint: WebhookEndpoint): WebhookResource => ({
  id: endpoint.id,
  url: endpoint.url,
  events: endpoint.events,
  description: endpoint.description,
  job_id: endpoint.jobId,
  status: endpoint.disabledAt === null ? 'active' : 'disabled',
  disabled_reason: endpoint.disabledReason,
  disabled_at: endpoint.disabledAt,
  last_number: endpoint.lastNumber,
  created_at: endpoint.createdAt,
});

export const presentSigning = (signing: SigningSecret): SigningSecretResource => ({
  secret: signing.secret,
  public_key: signing.publicKey,
  created_at: signing.createdAt,
});

export const presentDelivery = (delivery: WebhookDelivery): DeliveryResource => ({
  id: delivery.id,
  event_id: delivery.eventId,
  number: delivery.number,
  type: delivery.type,
  test: delivery.test,
  job_id: delivery.jobId,
  sequence: delivery.sequence,
  state: delivery.state,
  occurred_at: delivery.occurredAt,
  acknowledged_at: delivery.acknowledgedAt,
  next_attempt_at: delivery.dueAt,
  attempts: delivery.attempts.map((one) => ({
    attempt: one.attempt,
    at: one.at,
    duration_ms: one.durationMs,
    http_status: one.status,
    error: one.error,
    next_attempt_at: one.nextAt,
  })),
});
