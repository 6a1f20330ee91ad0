import {
  Body,
  Controller,
  Get,
  HttpCode,
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
  generateRequest,
  getTimeline,
  listJobs,
  listJobsQuery,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { wantsStream } from '../following/event-stream.js';
import { Following } from '../following/following.js';
import type { JobPicture } from '../pictures/job-pictures.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Quotes } from '../quotes/quotes.js';
import { generateJob } from './generate-job.js';
import { known } from './job-id.js';
import { presentJob } from './job.presenter.js';
import { Submitting } from './submitting.js';
import { presentData } from './timeline.presenter.js';

@Controller('api/v1')
export class JobsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
    @Inject(Following) private readonly following: Following,
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(PictureIntake) private readonly pictures: PictureIntake,
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
    const { accountId } = caller;
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const pictures = await this.begin(accountId, body.image);
      const quotedMicros = await this.quotes.priceFor(accountId, 'generate', body);
      return { wanted: { ...generateJob(body), quotedMicros }, pictures };
    });
  }

  /** The picture to begin with, if there is one. */
  private async begin(accountId: string, image: string | undefined): Promise<JobPicture[]> {
    if (image === undefined) return [];
    const picture = await this.pictures.read(accountId, { pointer: '/image', reference: image });
    return [{ role: 'image', picture }];
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
