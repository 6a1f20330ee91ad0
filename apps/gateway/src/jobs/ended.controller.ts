import { Controller, Delete, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { eraseJob } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import { Answers } from '../admission/answers.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { known } from './job-id.js';
import { presentJob } from './job.presenter.js';
import { Submitting } from './submitting.js';

/** What can be done with a job that is over: make it again, or delete what it was made of and became. */
@Controller('api/v1/jobs/:id')
export class EndedController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(Answers) private readonly answers: Answers,
  ) {}

  @Post('retry')
  @HttpCode(202)
  @Needs('jobs:write', { makesJob: true })
  async retry(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.submitting.retry({ caller, jobId, request, reply }, known(id));
  }

  @Delete()
  @Needs('jobs:write')
  async erase(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    const jobId = known(id);
    const job = await this.services.request(eraseJob, { jobId, accountId });
    await this.answers.erase(accountId, jobId);
    return { data: await presentJob(job, this.gate), meta: {} };
  }
}
