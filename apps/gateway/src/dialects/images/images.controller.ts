import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import type {
  ImagesAccepted,
  ImagesAnswer,
  ImagesEditRequest,
  ImagesGenerateRequest,
  ImagesJob,
} from '@safelight/contracts';
import { imagesEditRequest, imagesGenerateRequest } from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../../admission/admission.guard.js';
import type { Caller } from '../../admission/scope.js';
import { preferredWait } from '../../following/prefer.js';
import { OwnJobs } from '../../jobs/own-jobs.js';
import type { Submitter } from '../../jobs/submitting.js';
import type { Wish } from '../wish.js';
import { editToWish } from './edit-to-wish.js';
import { Picturing } from './picturing.js';
import { presentState } from './present.js';
import { generationToWish } from './to-wish.js';

/** The images dialect: OpenAI's requests, and the sync/async form that others grew from them. */
@Controller('v1/images')
export class ImagesController {
  constructor(
    @Inject(Picturing) private readonly picturing: Picturing,
    @Inject(OwnJobs) private readonly jobs: OwnJobs,
  ) {}

  @Post('generations')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async generate(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: imagesGenerateRequest }) body: ImagesGenerateRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const by = { caller, jobId, request, reply };
    return this.answer(by, generationToWish(body), body, body.callback_url);
  }

  @Post('edits')
  @HttpCode(HttpStatus.OK)
  @Needs('jobs:write', { makesJob: true })
  async edit(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: imagesEditRequest }) body: ImagesEditRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer({ caller, jobId, request, reply }, editToWish(body), body);
  }

  @Get('generation/jobs/:id')
  @Needs('jobs:read', { budget: 'watch' })
  async state(@TheCaller() { accountId }: Caller, @Param('id') id: string): Promise<ImagesJob> {
    return presentState(await this.jobs.read(accountId, id));
  }

  private async answer(
    by: Submitter,
    wish: Wish,
    body: Shape,
    callback?: string,
  ): Promise<ImagesAnswer | ImagesAccepted> {
    const seconds = preferredWait(by.request);
    const how = { inBase64: wantsBase64(body), seconds, callback };
    const pictured = await this.picturing.picture(by, wish, how);
    if (pictured.status === 'processing') void by.reply.status(HttpStatus.ACCEPTED);
    return pictured;
  }
}

type Shape = Pick<ImagesGenerateRequest, 'response_format' | 'model'>;

/** OpenAI answers for its GPT Image models in base64 whatever is asked, and their users rely on it. */
const wantsBase64 = ({ response_format, model }: Shape): boolean =>
  (response_format ?? (model?.startsWith('gpt-image') ? 'b64_json' : 'url')) === 'b64_json';
