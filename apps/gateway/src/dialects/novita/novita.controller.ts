import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import type {
  NovitaModelQuery,
  NovitaModels,
  NovitaTaskResult,
  NovitaTxt2img,
} from '@safelight/contracts';
import { novitaModelQuery, novitaTaskQuery, novitaTxt2img } from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../../admission/admission.guard.js';
import type { Caller } from '../../admission/scope.js';
import { Models } from '../../catalogue/models.js';
import { OwnJobs } from '../../jobs/own-jobs.js';
import type { Sender } from '../../jobs/submitter.js';
import { DialectSubmitter, type Wish } from '../dialect-submitter.js';
import { listAsked } from './model-list.js';
import { presentTask } from './present.js';
import { txt2imgToWish } from './to-wish.js';

/** Fields that were accepted and could not be honoured, for who does not look at the result for them. */
const NOT_HONOURED_HEADER = 'safelight-not-honoured';

/** The Novita dialect, version 3: tasks that are made, and asked for until they are done. */
@Controller('v3')
export class NovitaController {
  constructor(
    @Inject(DialectSubmitter) private readonly submitter: DialectSubmitter,
    @Inject(OwnJobs) private readonly jobs: OwnJobs,
    @Inject(Models) private readonly offered: Models,
  ) {}

  @Post('async/txt2img')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async txt2img(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: novitaTxt2img }) body: NovitaTxt2img,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make({ caller, jobId, http }, txt2imgToWish(body), body.extra, reply);
  }

  @Get('async/task-result')
  @Needs('jobs:read', { budget: 'watch' })
  async result(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: novitaTaskQuery }) query: { task_id: string },
  ): Promise<NovitaTaskResult> {
    return presentTask(await this.jobs.read(accountId, query.task_id));
  }

  @Get('model')
  @Needs('jobs:read', { budget: 'watch' })
  async models(
    @Query({ schema: novitaModelQuery }) query: NovitaModelQuery,
  ): Promise<NovitaModels> {
    return listAsked(await this.offered.list(), query);
  }

  private async make(
    sender: Sender,
    wish: Wish,
    { legacy_response }: NovitaTxt2img['extra'],
    reply: FastifyReply,
  ) {
    const { notHonoured } = await this.submitter.submit(sender, wish);
    if (notHonoured.length > 0) void reply.header(NOT_HONOURED_HEADER, notHonoured.join(', '));
    const data = { task_id: sender.jobId };
    return legacy_response ? { code: 0, msg: '', data } : data;
  }
}
