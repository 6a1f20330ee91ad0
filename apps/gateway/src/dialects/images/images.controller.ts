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
  ImagesGenerateRequest,
  ImagesJob,
} from '@safelight/contracts';
import { imagesGenerateRequest } from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../../admission/admission.guard.js';
import type { Caller } from '../../admission/scope.js';
import { preferredWait } from '../../following/prefer.js';
import { OwnJobs } from '../../jobs/own-jobs.js';
import { Picturing } from './picturing.js';
import { presentState } from './present.js';
import { toWish } from './to-wish.js';

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
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImagesAnswer | ImagesAccepted> {
    const pictured = await this.picturing.picture({ caller, jobId, http }, toWish(body), {
      inBase64: wantsBase64(body),
      seconds: preferredWait(http),
      reply,
    });
    if (pictured.status === 'processing') void reply.status(HttpStatus.ACCEPTED);
    return pictured;
  }

  @Get('generation/jobs/:id')
  @Needs('jobs:read', { budget: 'watch' })
  async state(@TheCaller() { accountId }: Caller, @Param('id') id: string): Promise<ImagesJob> {
    return presentState(await this.jobs.read(accountId, id));
  }
}

/** OpenAI answers for its GPT Image models in base64 whatever is asked, and their users rely on it. */
const wantsBase64 = ({ response_format, model }: ImagesGenerateRequest): boolean =>
  (response_format ?? (model?.startsWith('gpt-image') ? 'b64_json' : 'url')) === 'b64_json';
