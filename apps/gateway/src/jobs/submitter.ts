import { trace } from '@opentelemetry/api';
import type { GenerateRequest, WebhookForm } from '@safelight/contracts';
import { submitJob } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../admission/scope.js';
import { contentOf } from '../catalogue/resolve-styles.js';
import type { JobWebhooks } from '../webhooks/job-webhooks.js';
import { chooseSeed } from './seed.js';
import { testModeOf } from './test-mode.js';

/** What is answered once a job is committed. */
export type Accepted = z.output<typeof submitJob.reply> & {
  /** What the answer's `meta` says of the webhook, if one was asked for. */
  readonly webhook: { readonly webhook_id?: string };
};

/** Where a submission comes from. */
export interface Sender {
  readonly caller: Caller;
  /** The job to make: the same for every repetition of the request. */
  readonly jobId: string;
  readonly http: FastifyRequest;
}

/** Hands a checked request on as a job: the native route and both dialects go through here. */
export class Submitter {
  constructor(
    private readonly services: RequestClient,
    private readonly webhooks: JobWebhooks,
  ) {}

  /**
   * Idempotent by job id.
   * @throws Problem VALIDATION_ERROR for a style or a forced outcome that there is not
   * @param form what the events of the request's webhook look like
   * @throws DomainError the refusals of `jobs.submit`, and `webhook.url_refused`
   */
  async submit(
    { caller, jobId, http }: Sender,
    request: GenerateRequest,
    form: WebhookForm = 'native',
  ): Promise<Accepted> {
    trace.getActiveSpan()?.setAttribute('safelight.job_id', jobId);
    const { accountId, keyId } = caller;
    const { spec, ...rest } = toSubmission(request);
    // Here and not in the routes: no way to a job may forget that a test key charges nothing.
    const marked = { ...rest, spec: { ...spec, ...testModeOf(caller, http) } };
    const webhook = await this.webhooks.attach(caller, jobId, request.webhook, form);
    const accepted = await this.services.request(
      submitJob,
      { jobId, accountId, keyId, ...marked },
      { context: { correlationId: jobId, causationId: jobId } },
    );
    return { ...accepted, webhook };
  }
}

function toSubmission(request: GenerateRequest) {
  return {
    spec: {
      operation: 'generate' as const,
      model: request.model ?? null,
      steps: request.steps ?? null,
      width: request.width,
      height: request.height,
      guidance: request.guidance,
      images: request.n,
      seed: chooseSeed(request.seed),
      format: request.output.format,
      lane: request.priority,
      moderationLevel: request.moderation.level,
    },
    content: contentOf(request),
    metadata: request.metadata,
  };
}
