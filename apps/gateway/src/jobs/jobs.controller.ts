import { trace } from '@opentelemetry/api';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { GenerateRequest, ListJobsQuery } from '@safelight/contracts';
import {
  encodeCursor,
  formatCredits,
  generateRequest,
  getJob,
  getTimeline,
  jobId as jobIdSchema,
  listJobs,
  listJobsQuery,
  newId,
  submitJob,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { notFound } from '../http/refusals.js';
import { presentJob } from './job.presenter.js';
import { chooseSeed } from './seed.js';
import { presentData } from './timeline.presenter.js';

@Controller('api/v1')
export class JobsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
  ) {}

  @Post('generate')
  @HttpCode(202)
  @Needs('jobs:write')
  async generate(
    @TheCaller() caller: Caller,
    @Body({ schema: generateRequest }) body: GenerateRequest,
  ) {
    const jobId = newId('job');
    trace.getActiveSpan()?.setAttribute('safelight.job_id', jobId);
    const accepted = await this.services.request(
      submitJob,
      { jobId, accountId: caller.accountId, keyId: caller.keyId, ...toSubmission(body) },
      { context: { correlationId: jobId, causationId: jobId } },
    );
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
  @Needs('jobs:read')
  async list(@TheCaller() caller: Caller, @Query({ schema: listJobsQuery }) query: ListJobsQuery) {
    const page = await this.services.request(listJobs, {
      accountId: caller.accountId,
      limit: query.limit,
      before: query.cursor ?? null,
      status: query.status ?? null,
    });
    return {
      data: await Promise.all(page.jobs.map((job) => presentJob(job, this.gate))),
      meta: { next_cursor: page.next === null ? null : encodeCursor(page.next) },
    };
  }

  @Get('jobs/:id')
  @Needs('jobs:read')
  async one(@TheCaller() caller: Caller, @Param('id') id: string) {
    const job = await this.services.request(getJob, {
      jobId: known(id),
      accountId: caller.accountId,
    });
    return { data: await presentJob(job, this.gate), meta: {} };
  }

  @Get('jobs/:id/events')
  @Needs('jobs:read')
  async events(@TheCaller() caller: Caller, @Param('id') id: string) {
    const timeline = await this.services.request(getTimeline, {
      jobId: known(id),
      accountId: caller.accountId,
    });
    const events = timeline.events.map((event) => ({ ...event, data: presentData(event.data) }));
    return { data: events, meta: {} };
  }
}

/** An id that no job can have answers like a job that never was. */
function known(id: string): string {
  if (!jobIdSchema.safeParse(id).success) throw notFound();
  return id;
}

function toSubmission(body: GenerateRequest) {
  return {
    spec: {
      operation: 'generate' as const,
      model: body.model ?? null,
      steps: body.steps ?? null,
      width: body.width,
      height: body.height,
      guidance: body.guidance,
      images: body.n,
      seed: chooseSeed(body.seed),
      format: body.output.format,
      lane: body.priority,
      moderationLevel: body.moderation.level,
    },
    content: { prompt: body.prompt, negativePrompt: body.negative_prompt },
    metadata: body.metadata,
  };
}
