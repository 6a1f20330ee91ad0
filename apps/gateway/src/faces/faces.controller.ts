import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  analyzeVideoRequest,
  faceSwapRequest,
  faceSwapVideoRequest,
  readLifetimePaid,
  type AnalyzeVideoRequest,
  type FaceSwapRequest,
  type FaceSwapVideoRequest,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { faceSwapJob } from './face-jobs.js';
import {
  consentRequired,
  noVideoWorker,
  paymentRequired,
  PAYMENTS_NEEDED_CENTS,
} from './face.refusals.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Submitting } from '../jobs/submitting.js';

/** Faces: never without consent, and as far as anything on offer can work with them. */
@Controller('api/v1')
export class FacesController {
  constructor(
    @Inject(PictureIntake) private readonly intake: PictureIntake,
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(RequestClient) private readonly services: RequestClient,
  ) {}

  @Post('face-swap')
  @HttpCode(202)
  @Needs('faces:write', { makesJob: true })
  async swap(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: faceSwapRequest }) body: FaceSwapRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (!body.biometric_consent) throw consentRequired();
    const { accountId } = caller;
    const read = (pointer: string, reference: string) =>
      this.intake.read(accountId, { pointer, reference });
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const image = await read('/image', body.image);
      const face = await read('/face', body.face);
      const pictures = [
        { role: 'image' as const, picture: image },
        { role: 'face' as const, picture: face },
      ];
      return { wanted: faceSwapJob(body, image), pictures };
    });
  }

  @Post('face-swap-video/analyze')
  @HttpCode(200)
  @Needs('faces:write')
  analyze(@Body({ schema: analyzeVideoRequest }) { video }: AnalyzeVideoRequest): never {
    throw noVideoWorker(new URL(video).hostname);
  }

  @Post('face-swap-video')
  @HttpCode(202)
  @Needs('faces:write')
  async swapInVideo(
    @TheCaller() { accountId }: Caller,
    @Body({ schema: faceSwapVideoRequest }) body: FaceSwapVideoRequest,
  ): Promise<never> {
    if (!body.biometric_consent) throw consentRequired();
    const { lifetimePaidCents } = await this.services.request(readLifetimePaid, { accountId });
    if (lifetimePaidCents < PAYMENTS_NEEDED_CENTS) throw paymentRequired(lifetimePaidCents);
    throw noVideoWorker(new URL(body.video).hostname);
  }
}
