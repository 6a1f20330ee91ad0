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
  NovitaExtra,
  NovitaImg2img,
  NovitaInpainting,
  NovitaModelQuery,
  NovitaModels,
  NovitaTaskResult,
  NovitaTxt2img,
  NovitaUpscale,
} from '@safelight/contracts';
import {
  novitaImg2img,
  novitaInpainting,
  novitaModelQuery,
  novitaTaskQuery,
  novitaTxt2img,
  novitaUpscale,
} from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../../admission/admission.guard.js';
import type { Caller } from '../../admission/scope.js';
import { Models } from '../../catalogue/models.js';
import { OwnJobs } from '../../jobs/own-jobs.js';
import { DialectSubmitter } from '../dialect-submitter.js';
import type { Wish } from '../wish.js';
import { listAsked } from './model-list.js';
import { presentTask } from './present.js';
import { img2imgToWish, inpaintingToWish, txt2imgToWish, upscaleToWish } from './to-wish.js';

/** Fields that were accepted and could not be honoured, for who does not look at the result for them. */
const NOT_HONOURED_HEADER = 'safelight-not-honoured';

/** A request of this dialect that makes a task. */
interface Asking {
  readonly caller: Caller;
  readonly jobId: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

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
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make({ caller, jobId, request, reply }, txt2imgToWish(body), body.extra);
  }

  @Post('async/img2img')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async img2img(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: novitaImg2img }) body: NovitaImg2img,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make({ caller, jobId, request, reply }, img2imgToWish(body), body.extra);
  }

  @Post('async/inpainting')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async inpainting(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: novitaInpainting }) body: NovitaInpainting,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make({ caller, jobId, request, reply }, inpaintingToWish(body), body.extra);
  }

  @Post('async/upscale')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async upscale(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: novitaUpscale }) body: NovitaUpscale,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make({ caller, jobId, request, reply }, upscaleToWish(body), body.extra);
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
    const models = await this.offered.list();
    return listAsked({ models, parts: this.offered.partsOnOffer(models) }, query);
  }

  private async make(by: Asking, wish: Wish, { legacy_response }: NovitaExtra) {
    const { notHonoured } = await this.submitter.submit(by, wish);
    if (notHonoured.length > 0) void by.reply.header(NOT_HONOURED_HEADER, notHonoured.join(', '));
    const data = { task_id: by.jobId };
    return legacy_response ? { code: 0, msg: '', data } : data;
  }
}
