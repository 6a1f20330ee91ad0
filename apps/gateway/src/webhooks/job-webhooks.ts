import { attachWebhook, type RequestWebhook, type WebhookForm } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import type { Caller } from '../admission/scope.js';

/** Webhooks that are given with the request for one job. */
export class JobWebhooks {
  constructor(private readonly services: RequestClient) {}

  /**
   * Before the job is submitted, so that none of its events is missed; a job that never comes to be
   * leaves a receiver that hears nothing, which is deleted in time. Idempotent by job id.
   *
   * @returns what the answer's `meta` says of it; nothing when no webhook was asked for
   * @throws DomainError `webhook.url_refused`
   */
  async attach(
    { accountId }: Caller,
    jobId: string,
    webhook: RequestWebhook | undefined,
    form: WebhookForm = 'native',
  ): Promise<{ webhook_id?: string }> {
    if (webhook === undefined) return {};
    const { url, events, test_mode: testMode } = webhook;
    const mockStatus = testMode.enabled ? testMode.return_status : null;
    const asked = { accountId, jobId, url, events, mockStatus, form };
    const { webhookId } = await this.services.request(attachWebhook, asked).catch(atField);
    return { webhook_id: webhookId };
  }

  /** Of a job that is there already: its receiver was looked at then, and stays whatever it is now. */
  attached(
    caller: Caller,
    jobId: string,
    webhook: RequestWebhook | undefined,
  ): Promise<{ webhook_id?: string }> {
    return this.attach(caller, jobId, webhook).catch((error: unknown) => {
      if (error instanceof DomainError) return {};
      throw error;
    });
  }
}

/** In the body of a submission the URL is one field deeper. */
function atField(error: unknown): never {
  if (!(error instanceof DomainError) || error.code !== 'webhook.url_refused') throw error;
  throw new DomainError(error.code, { ...error.details, pointer: '/webhook/url' });
}
