import { trace } from '@opentelemetry/api';
import { HttpStatus } from '@nestjs/common';
import type {
  ApiWarning,
  JobSpec,
  JobView,
  RequestWebhook,
  S3Storage,
  WebhookForm,
} from '@safelight/contracts';
import {
  featuresOf,
  findAccepted,
  formatCredits,
  getJob,
  retryJob,
  submitJob,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { admittedOf } from '../admission/admission.guard.js';
import type { Answers } from '../admission/answers.js';
import { holdClaim } from '../admission/hold-claim.js';
import type { Caller } from '../admission/scope.js';
import { shareOf } from '../admission/share.js';
import type { Fitted, Fitting } from '../catalogue/fitting.js';
import type { ReleaseGate } from '../files/release-gate.js';
import type { Following } from '../following/following.js';
import { preferredWait } from '../following/prefer.js';
import type { JobPicture, JobPictures, SealedPictures } from '../pictures/job-pictures.js';
import type { OutputStores } from '../storage/output-stores.js';
import type { JobWebhooks } from '../webhooks/job-webhooks.js';
import { presentJob } from './job.presenter.js';
import { testModeOf } from './test-mode.js';
import type { WantedJob } from './wanted-job.js';

type Submission = z.input<typeof submitJob.request>;
type Accepted = z.output<typeof submitJob.reply>;

/** What is answered once a job is committed. */
export interface Handed extends Accepted {
  /** What the answer's `meta` says of the webhook, if one was asked for. */
  readonly webhook: { readonly webhook_id?: string };
  /** What the answer's `meta` warns of. */
  readonly warnings?: readonly ApiWarning[];
}

/** A request that makes a job, and where its answer goes. */
export interface Submitter {
  readonly caller: Caller;
  readonly jobId: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * What a request wants once it is looked at: its pictures, its quote. Asked for only where the job
 * has to be made, since all of that may be gone by the time that a request is gone on with.
 */
export type Wanting = () => Promise<{
  readonly wanted: WantedJob;
  readonly pictures: readonly JobPicture[];
}>;

export interface SubmittingParts {
  readonly services: RequestClient;
  readonly pictures: JobPictures;
  readonly following: Following;
  readonly gate: ReleaseGate;
  readonly webhooks: JobWebhooks;
  readonly answers: Pick<Answers, 'hold'>;
  readonly stores: OutputStores;
  readonly fitting: Fitting;
}

/** The one way of all requests that make a job: submits, waits if asked to, and tells what became. */
export class Submitting {
  constructor(private readonly parts: SubmittingParts) {}

  /**
   * @param webhook that the body asks for
   * @throws as `hand`, and what `wanting` throws
   */
  async submit(by: Submitter, webhook: RequestWebhook | undefined, wanting: Wanting) {
    const earlier = await this.earlier(by);
    if (earlier !== undefined) {
      const attached = await this.parts.webhooks.attached(by.caller, by.jobId, webhook);
      return this.answer(by, { ...earlier.accepted, webhook: attached });
    }
    const { wanted, pictures } = await wanting();
    return this.answer(by, await this.hand(by, wanted, pictures));
  }

  /**
   * The job that another gateway made of this request before it died: nothing that has become of its
   * pictures or its quote since may stand in its way. Nothing for a request that nobody began.
   */
  async earlier({ caller: { accountId }, jobId, request }: Submitter) {
    if (admittedOf(request)?.takenOver !== true) return undefined;
    const ids = { jobId, accountId };
    const { found } = await this.parts.services.request(findAccepted, ids, contextOf(jobId));
    return found ?? undefined;
  }

  /**
   * Idempotent by job id.
   * @param form what the events of the request's webhook look like
   * @throws Problem VALIDATION_ERROR for a forced outcome that there is not, and for what the model
   *   cannot honour by the catalogue
   * @throws DomainError the refusals of `submitJob`, `webhook.url_refused` and
   *   `storage.not_configured`; then no picture of the request is kept
   */
  async hand(
    by: Submitter,
    wanted: WantedJob,
    pictures: readonly JobPicture[],
    form: WebhookForm = 'native',
  ): Promise<Handed> {
    const { caller, jobId } = by;
    const { words, metadata, needs = [], storage, quotedMicros = null, warnings = [] } = wanted;
    trace.getActiveSpan()?.setAttribute('safelight.job_id', jobId);
    // Here and not in the routes: no way to a job may forget that a test key charges nothing.
    const test = testModeOf(caller, by.request);
    const { spec, deprecation } = await this.fitted(caller, wanted, pictures, test);
    const webhook = await this.parts.webhooks.attach(caller, jobId, wanted.webhook, form);
    await this.parts.stores.attach(caller.accountId, jobId, storage);
    const sealed = await this.parts.pictures.seal(jobId, pictures);
    const submission: Submission = {
      ...{ jobId, accountId: caller.accountId, keyId: caller.keyId, metadata },
      spendsAs: caller.spendsAs,
      spec: { ...spec, ...test, ...markOf(storage), ...shareOf(caller), inputs: sealed.inputs },
      content: { ...words, inputs: sealed.secrets },
      needs: [...needs],
      quotedMicros,
      plan: caller.plan,
    };
    const accepted = await this.accepted(submission, sealed);
    void by.reply.headers(deprecation?.headers ?? {});
    return {
      ...accepted,
      webhook,
      warnings: deprecation === undefined ? warnings : [...warnings, deprecation.warning],
    };
  }

  /** Held against the catalogue: here, so that no way to a job goes past it. */
  private fitted(
    { accountId }: Submitter['caller'],
    wanted: WantedJob,
    pictures: readonly JobPicture[],
    { test }: Pick<JobSpec, 'test'>,
  ): Promise<Fitted> {
    const hasImage = pictures.some(({ role }) => role === 'image');
    return this.parts.fitting.fit({ ...wanted, hasImage }, { accountId, test: test !== undefined });
  }

  private async accepted(submission: Submission, sealed: SealedPictures): Promise<Accepted> {
    const { services, pictures } = this.parts;
    try {
      return await services.request(submitJob, submission, contextOf(submission.jobId));
    } catch (error) {
      // Where nobody can say whether there is a job, its pictures stay: without it they are noise.
      if (isRefusal(error)) await pictures.discard(sealed);
      throw error;
    }
  }

  /**
   * The failed job again.
   * @throws Problem VALIDATION_ERROR where the catalogue lets it be made no more
   * @throws DomainError the refusals of `retryJob`
   */
  async retry(by: Submitter, failedJobId: string) {
    const { accountId, keyId, spendsAs, plan } = by.caller;
    trace.getActiveSpan()?.setAttribute('safelight.job_id', by.jobId);
    const ids = { jobId: failedJobId, newJobId: by.jobId, accountId, keyId, spendsAs };
    const mode = testModeOf(by.caller, by.request);
    const request = { ...ids, plan, ...mode, ...shareOf(by.caller) };
    const { services, stores } = this.parts;
    const failed = await services.request(getJob, { jobId: failedJobId, accountId });
    const parts = await this.partsToday(accountId, failed, mode);
    await stores.repeat(failed, by.jobId);
    const accepted = await services.request(retryJob, { ...request, parts }, contextOf(by.jobId));
    return this.answer(by, { ...accepted, webhook: {} });
  }

  /** The catalogue may have changed since: the job is held against it like any other. */
  private async partsToday(
    accountId: string,
    { status, spec }: JobView,
    { test }: Pick<JobSpec, 'test'>,
  ) {
    if (status !== 'failed') return undefined;
    const hasImage = spec.inputs.some(({ role }) => role === 'image');
    const asked = { spec, needs: featuresOf(spec.parts), hasImage };
    const asking = { accountId, test: test !== undefined };
    return (await this.parts.fitting.fit(asked, asking)).spec.parts;
  }

  private async answer(by: Submitter, accepted: Handed) {
    const { jobId } = by;
    const finished = await this.finished(by, accepted);
    if (finished !== undefined) return finished;
    return {
      data: { id: jobId, status: accepted.status },
      meta: {
        poll_url: `/api/v1/jobs/${jobId}`,
        credits_remaining: formatCredits(accepted.availableMicros),
        price: formatCredits(accepted.priceMicros),
        eta_seconds: accepted.etaSeconds,
        eta_p90_seconds: accepted.etaP90Seconds,
        queue_position: accepted.queuePosition,
        ...accepted.webhook,
        ...warned(accepted),
      },
    };
  }

  /** The job, if its sender wants to wait for its end and that comes in time. */
  private async finished(
    { caller: { accountId }, jobId, request, reply }: Submitter,
    accepted: Handed,
  ) {
    const seconds = preferredWait(request);
    if (seconds === undefined) return undefined;
    const { services, following, gate, answers } = this.parts;
    await holdClaim(answers, request, seconds);
    void reply.header('preference-applied', `wait=${seconds}`);
    if (!(await following.untilEnd({ jobId, accountId }, seconds, reply))) return undefined;
    const job = await services.request(getJob, { jobId, accountId });
    void reply.status(HttpStatus.OK);
    return { data: await presentJob(job, gate), meta: warned(accepted) };
  }
}

const warned = ({ warnings = [] }: Handed) => (warnings.length === 0 ? {} : { warnings });

/** All that a job's events say of a bucket. */
const markOf = (storage: S3Storage | undefined) =>
  storage === undefined ? {} : { storage: 's3' as const };

/** All that happens to a job is one conversation. */
const contextOf = (jobId: string) => ({
  context: { correlationId: jobId, causationId: jobId },
});

const isRefusal = (error: unknown): boolean =>
  error instanceof DomainError && error.code !== 'service.unavailable';
