import type { AskedSpec, QuoteRequest } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import { lacksScope } from '../admission/admission.js';
import type { Caller } from '../admission/scope.js';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { PictureIntake } from '../pictures/picture-intake.js';
import { inputOf } from '../quotes/quoted-input.js';
import { requireAgreement } from './agreement.js';
import { faceSwapJob, faceSwapVideoJob } from './face-jobs.js';
import type { VideoIntake } from './video-intake.js';

type AskedFace = Extract<QuoteRequest, { operation: 'face-swap' | 'face-swap-video' }>;

export interface FaceQuoteParts {
  readonly services: RequestClient;
  readonly pictures: PictureIntake;
  readonly videos: VideoIntake;
}

/** Quotes of face swaps: asked as the submission would be, because faces are looked at for them too. */
export class FaceQuotes {
  constructor(private readonly parts: FaceQuoteParts) {}

  /**
   * The job that a request would make. Payments are not asked for: `analyze` tells its price to
   * everybody, too.
   *
   * @throws Problem FORBIDDEN without the scope for faces, CONSENT_REQUIRED, and as the intakes do
   */
  async job(
    { accountId, scopes }: Caller,
    asked: AskedFace,
  ): Promise<WantedJob & { readonly inputs: AskedSpec['inputs'] }> {
    if (!scopes.includes('faces:write')) throw lacksScope('faces:write');
    const { services, pictures, videos } = this.parts;
    await requireAgreement(services, accountId, asked.request, '/request');
    const measure = (field: string, reference: string) =>
      pictures.measure(accountId, { pointer: `/request/${field}`, reference });
    const face = inputOf('face', await measure('face', asked.request.face));
    if (asked.operation === 'face-swap') {
      const image = await measure('image', asked.request.image);
      return {
        ...faceSwapJob(asked.request, image, '/request'),
        inputs: [inputOf('image', image), face],
      };
    }
    const { request } = asked;
    const take = { accountId, url: request.video, pointer: '/request/video' };
    return videos.withVideo(take, async (video) => ({
      ...faceSwapVideoJob(request, video, '/request'),
      inputs: [inputOf('video', video), face],
    }));
  }
}
