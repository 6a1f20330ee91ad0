import type { WebhookEndpoint } from '@safelight/contracts';

export interface EndpointRow {
  readonly id: string;
  readonly account_id: string;
  readonly job_id: string | null;
  readonly url: string;
  readonly receiver: string;
  readonly events: WebhookEndpoint['events'];
  readonly description: string;
  readonly last_number: bigint;
  readonly disabled_at: Date | null;
  readonly disabled_reason: 'gone' | null;
  readonly created_at: Date;
}

export const toEndpoint = (row: EndpointRow): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  events: row.events,
  description: row.description,
  jobId: row.job_id,
  disabledReason: row.disabled_reason,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  lastNumber: Number(row.last_number),
  createdAt: row.created_at.toISOString(),
});

/**
 * The place that is called for a URL: an account and an origin. What one account's customers do to a
 * host takes nothing from another account that calls the same host.
 */
export const receiverOf = (accountId: string, url: string): string =>
  `${accountId} ${new URL(url).origin}`;
