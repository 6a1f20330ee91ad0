import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  editRequest,
  upscaleRequest,
  videoRequest,
  type EditRequest,
  type UpscaleRequest,
  type VideoRequest,
} from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import type { JobPicture } from '../pictures/job-pictures.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Quotes } from '../quotes/quotes.js';
import { editJob, requireMaskFits, upscaleJob, videoJob } from './picture-jobs.js';
import { Submitting } from './submitting.js';

/** Jobs that begin with a picture, or that make pictures move. */
@Controller('api/v1')
@Needs('jobs:write', { makesJob: true })
export class PicturesController {
  constructor(
    @Inject(PictureIntake) private readonly intake: PictureIntake,
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(Quotes) private readonly quotes: Quotes,
  ) {}

  @Post('edit')
  @HttpCode(202)
  async edit(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: editRequest }) body: EditRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const image = await this.read(caller, 'image', body.image);
      const pictures: JobPicture[] = [{ role: 'image', picture: image }];
      if (body.mask !== undefined) {
        const mask = await this.read(caller, 'mask', body.mask);
        requireMaskFits(mask, image);
        pictures.push({ role: 'mask', picture: mask });
      }
      const quotedMicros = await this.quotes.priceFor(caller.accountId, 'edit', body);
      return { wanted: { ...editJob(body, image), quotedMicros }, pictures };
    });
  }

  @Post('upscale')
  @HttpCode(202)
  async upscale(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: upscaleRequest }) body: UpscaleRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const picture = await this.read(caller, 'image', body.image);
      const quotedMicros = await this.quotes.priceFor(caller.accountId, 'upscale', body);
      const wanted = { ...upscaleJob(body, picture), quotedMicros };
      return { wanted, pictures: [{ role: 'image', picture }] };
    });
  }

  @Post('video')
  @HttpCode(202)
  async video(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: videoRequest }) body: VideoRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const { image } = body;
      const pictures: JobPicture[] =
        image === undefined
          ? []
          : [{ role: 'image', picture: await this.read(caller, 'image', image) }];
      const quotedMicros = await this.quotes.priceFor(caller.accountId, 'video', body);
      return { wanted: { ...videoJob(body), quotedMicros }, pictures };
    });
  }

  private read({ accountId }: Caller, field: 'image' | 'mask', reference: string) {
    return this.intake.read(accountId, { pointer: `/${field}`, reference });
  }
}
