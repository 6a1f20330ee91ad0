import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  analyzeVideoRequest,
  faceSwapRequest,
  faceSwapVideoRequest,
  formatCredits,
  priceItems,
  readLifetimePaid,
  type AnalyzeVideoRequest,
  type FaceSwapRequest,
  type FaceSwapVideoRequest,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { RequestClient } from '@safelight/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, TheCaller, TheNewJob } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Quotes } from '../quotes/quotes.js';
import { Submitting } from '../jobs/submitting.js';
import { requireAgreement } from './agreement.js';
import { faceSwapJob, faceSwapVideoItem, faceSwapVideoJob } from './face-jobs.js';
import { paymentRequired, PAYMENTS_NEEDED_CENTS } from './face.refusals.js';
import { VideoIntake, type Video } from './video-intake.js';

/** Faces: never without consent, and only by models that may work on them. */
@Controller('api/v1')
export class FacesController {
  constructor(
    @Inject(PictureIntake) private readonly intake: PictureIntake,
    @Inject(VideoIntake) private readonly videos: VideoIntake,
    @Inject(Submitting) private readonly submitting: Submitting,
    @Inject(Quotes) private readonly quotes: Quotes,
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
    await requireAgreement(this.services, caller.accountId, body);
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      const image = await this.read(caller, '/image', body.image);
      const face = await this.read(caller, '/face', body.face);
      const pictures = [
        { role: 'image' as const, picture: image },
        { role: 'face' as const, picture: face },
      ];
      const quotedMicros = await this.quotes.priceFor(caller.accountId, 'face-swap', body);
      return { wanted: { ...faceSwapJob(body, image), quotedMicros }, pictures };
    });
  }

  @Post('face-swap-video/analyze')
  @HttpCode(200)
  @Needs('faces:write')
  async analyze(
    @TheCaller() { accountId, plan }: Caller,
    @Body({ schema: analyzeVideoRequest }) { video: url }: AnalyzeVideoRequest,
  ) {
    return this.videos.withVideo({ accountId, url }, async (video) => {
      const items = [false, true].map((preview) => faceSwapVideoItem(video, { preview, plan }));
      const { prices } = await this.services.request(priceItems, { items });
      const [whole, preview] = prices.map((priced) => {
        if (priced === null)
          throw new DomainError('operation.unpriced', { operation: 'face-swap-video' });
        return formatCredits(priced.priceMicros);
      });
      return { data: { ...shapeOf(video), price: whole, preview_price: preview }, meta: {} };
    });
  }

  @Post('face-swap-video')
  @HttpCode(202)
  @Needs('faces:write', { makesJob: true })
  async swapInVideo(
    @TheCaller() caller: Caller,
    @TheNewJob() jobId: string,
    @Body({ schema: faceSwapVideoRequest }) body: FaceSwapVideoRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { accountId } = caller;
    await requireAgreement(this.services, accountId, body);
    const { lifetimePaidCents } = await this.services.request(readLifetimePaid, { accountId });
    if (lifetimePaidCents < PAYMENTS_NEEDED_CENTS) throw paymentRequired(lifetimePaidCents);
    return this.submitting.submit({ caller, jobId, request, reply }, body.webhook, async () => {
      // The face first: it is quicker to refuse.
      const face = await this.read(caller, '/face', body.face);
      const quotedMicros = await this.quotes.priceFor(accountId, 'face-swap-video', body);
      return this.videos.withVideo({ accountId, url: body.video }, async (video) => {
        const pictures = [
          { role: 'video' as const, picture: video },
          { role: 'face' as const, picture: face },
        ];
        return { wanted: { ...faceSwapVideoJob(body, video), quotedMicros }, pictures };
      });
    });
  }

  private read({ accountId }: Caller, pointer: string, reference: string) {
    return this.intake.read(accountId, { pointer, reference });
  }
}

const shapeOf = ({ seconds, width, height, fps }: Video) => ({
  ...{ duration_seconds: Math.round(seconds * 1_000) / 1_000, width, height, fps },
});
