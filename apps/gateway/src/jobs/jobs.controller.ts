import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { ListJobsQuery } from '@safelight/contracts';
import {
  cancelJob,
  encodeCursor,
  getTimeline,
  listJobs,
  listJobsQuery,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { wantsStream } from '../following/event-stream.js';
import { Following } from '../following/following.js';
import { known } from './job-id.js';
import { presentJob } from './job.presenter.js';
import { presentData } from './timeline.presenter.js';

@Controller('api/v1')
export class JobsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
    @Inject(Following) private readonly following: Following,
  ) {}

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
}
