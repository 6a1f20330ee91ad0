import { trace } from '@opentelemetry/api';
import { HttpStatus } from '@nestjs/common';
import type { z } from 'zod';
import { formatCredits, getJob, retryJob, submitJob } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../admission/scope.js';
import type { ReleaseGate } from '../files/release-gate.js';
import type { Following } from '../following/following.js';
import { preferredWait } from '../following/prefer.js';
import type { JobPicture, JobPictures, SealedPictures } from '../pictures/job-pictures.js';
import { presentJob } from './job.presenter.js';

type Submission = z.input<typeof submitJob.request>;
type Accepted = z.output<typeof submitJob.reply>;

/** A request that makes a job, and where its answer goes. */
export interface Submitter {
  readonly caller: Caller;
  readonly jobId: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A job as a body asks for it, without its pictures. */
export interface WantedJob {
  readonly spec: Omit<Submission['spec'], 'inputs'>;
  readonly words: { readonly prompt: string; readonly negativePrompt: string };
  readonly metadata: Record<string, string>;
  /** Fields of the body that only some models can honour. */
  readonly needs?: readonly string[];
}

export interface SubmittingParts {
  readonly services: RequestClient;
  readonly pictures: JobPictures;
  readonly following: Following;
  readonly gate: ReleaseGate;
}

/** The one way of all requests that make a job: submits, waits if asked to, and tells what became. */
export class Submitting {
  constructor(private readonly parts: SubmittingParts) {}

  /** @throws DomainError the refusals of `submitJob`; then no picture of the request is kept */
  async submit(by: Submitter, wanted: WantedJob, pictures: readonly JobPicture[] = []) {
    const { caller, jobId } = by;
    trace.getActiveSpan()?.setAttribute('safelight.job_id', jobId);
    const { spec, words, metadata, needs = [] } = wanted;
    const sealed = await this.parts.pictures.seal(jobId, pictures);
    const submission: Submission = {
      ...{ jobId, accountId: caller.accountId, keyId: caller.keyId, metadata },
      spec: { ...spec, inputs: sealed.inputs },
      content: { ...words, inputs: sealed.secrets },
      needs: [...needs],
    };
    return this.answer(by, await this.accepted(submission, sealed));
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

  /** The failed job again. @throws DomainError the refusals of `retryJob` */
  async retry(by: Submitter, failedJobId: string) {
    const { accountId, keyId } = by.caller;
    trace.getActiveSpan()?.setAttribute('safelight.job_id', by.jobId);
    const request = { jobId: failedJobId, newJobId: by.jobId, accountId, keyId };
    const { services } = this.parts;
    return this.answer(by, await services.request(retryJob, request, contextOf(by.jobId)));
  }

  private async answer(by: Submitter, accepted: Accepted) {
    const { jobId } = by;
    const finished = await this.finished(by);
    if (finished !== undefined) return finished;
    return {
      data: { id: jobId, status: accepted.status },
      meta: {
        poll_url: `/api/v1/jobs/${jobId}`,
        credits_remaining: formatCredits(accepted.availableMicros),
        price: formatCredits(accepted.priceMicros),
        eta_seconds: accepted.etaSeconds,
        queue_position: accepted.queuePosition,
      },
    };
  }

  /** The job, if its sender wants to wait for its end and that comes in time. */
  private async finished({ caller: { accountId }, jobId, request, reply }: Submitter) {
    const seconds = preferredWait(request);
    if (seconds === undefined) return undefined;
    const { services, following, gate } = this.parts;
    void reply.header('preference-applied', `wait=${seconds}`);
    if (!(await following.untilEnd({ jobId, accountId }, seconds, reply))) return undefined;
    const job = await services.request(getJob, { jobId, accountId });
    void reply.status(HttpStatus.OK);
    return { data: await presentJob(job, gate), meta: {} };
  }
}

/** All that happens to a job is one conversation. */
const contextOf = (jobId: string) => ({
  context: { correlationId: jobId, causationId: jobId },
});

const isRefusal = (error: unknown): boolean =>
  error instanceof DomainError && error.code !== 'service.unavailable';
