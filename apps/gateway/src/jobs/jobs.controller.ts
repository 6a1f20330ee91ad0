import { trace } from '@opentelemetry/api';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type { GenerateRequest, ListJobsQuery } from '@safelight/contracts';
import {
  cancelJob,
  encodeCursor,
  formatCredits,
  generateRequest,
  getJob,
  getTimeline,
  jobId as jobIdSchema,
  listJobs,
  listJobsQuery,
  submitJob,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { wantsStream } from '../following/event-stream.js';
import { Following } from '../following/following.js';
import { preferredWait } from '../following/prefer.js';
import { notFound } from '../http/refusals.js';
import { Quotes } from '../quotes/quotes.js';
import { presentJob } from './job.presenter.js';
import { toSubmission } from './submission.js';
import { testModeOf } from './test-mode.js';
import { presentData } from './timeline.presenter.js';

@Controller('api/v1')
export class JobsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
    @Inject(Following) private readonly following: Following,
    @Inject(Quotes) private readonly quotes: Quotes,
  ) {}

  @Post('generate')
  @HttpCode(202)
  @Needs('jobs:write', { makesJob: true })
  async generate(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: generateRequest }) body: GenerateRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    trace.getActiveSpan()?.setAttribute('safelight.job_id', jobId);
    const { spec, ...rest } = toSubmission(body);
    const quotedMicros = await this.quotes.priceFor(caller.accountId, 'generate', body);
    const marked = { ...rest, quotedMicros, spec: { ...spec, ...testModeOf(caller, request) } };
    const accepted = await this.services.request(
      submitJob,
      { jobId, accountId: caller.accountId, keyId: caller.keyId, ...marked },
      { context: { correlationId: jobId, causationId: jobId } },
    );
    const finished = await this.finished(jobId, caller, request, reply);
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

  @Get('jobs')
  @Needs('jobs:read', { budget: 'watch' })
  async list(@TheCaller() caller: Caller, @Query({ schema: listJobsQuery }) query: ListJobsQuery) {
    const page = await this.services.request(listJobs, {
      accountId: caller.accountId,
      limit: query.limit,
      before: query.cursor ?? null,
      status: query.status ?? null,
      type: query.type ?? null,
      createdAfter: query.created_after ?? null,
      createdBefore: query.created_before ?? null,
      metadata: query.metadata,
    });
    return {
      data: await Promise.all(page.jobs.map((job) => presentJob(job, this.gate))),
      meta: { next_cursor: page.next === null ? null : encodeCursor(page.next) },
    };
  }

  @Get('jobs/:id')
  @Needs('jobs:read', { budget: 'watch' })
  async one(@TheCaller() caller: Caller, @Param('id') id: string) {
    const job = await this.services.request(getJob, {
      jobId: known(id),
      accountId: caller.accountId,
    });
    return { data: await presentJob(job, this.gate), meta: {} };
  }

  @Post('jobs/:id/cancel')
  @HttpCode(200)
  @Needs('jobs:write')
  async cancel(@TheCaller() caller: Caller, @Param('id') id: string) {
    const { accountId } = caller;
    const job = await this.services.request(cancelJob, { jobId: known(id), accountId });
    return { data: await presentJob(job, this.gate), meta: {} };
  }

  @Get('jobs/:id/events')
  @Needs('jobs:read', { budget: 'watch' })
  async events(
    @TheCaller() { accountId }: Caller,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const job = { jobId: known(id), accountId };
    if (wantsStream(request)) return this.following.stream(job, request, reply);
    const timeline = await this.services.request(getTimeline, job);
    const events = timeline.events.map((event) => ({ ...event, data: presentData(event.data) }));
    await reply.send({ data: events, meta: {} });
  }

  /** The job, if its sender wants to wait for its end and that comes in time. */
  private async finished(
    jobId: string,
    { accountId }: Caller,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const seconds = preferredWait(request);
    if (seconds === undefined) return undefined;
    void reply.header('preference-applied', `wait=${seconds}`);
    if (!(await this.following.untilEnd({ jobId, accountId }, seconds, reply))) return undefined;
    const job = await this.services.request(getJob, { jobId, accountId });
    void reply.status(HttpStatus.OK);
    return { data: await presentJob(job, this.gate), meta: {} };
  }
}

/** An id that no job can have answers like a job that never was. */
function known(id: string): string {
  if (!jobIdSchema.safeParse(id).success) throw notFound();
  return id;
}
