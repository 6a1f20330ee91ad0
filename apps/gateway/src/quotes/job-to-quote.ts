import type { AskedSpec, QuoteRequest } from '@safelight/contracts';
import { generateJob } from '../jobs/generate-job.js';
import { picturesIn } from '../jobs/generate-pictures.js';
import { editJob, requireMaskFits, upscaleJob, videoJob } from '../jobs/picture-jobs.js';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { PictureField } from '../pictures/picture-intake.js';
import type { PictureShape } from '../pictures/picture.js';
import { inputOf } from './quoted-input.js';

/** Finds out how large a picture is. */
export type Measure = (field: PictureField) => Promise<PictureShape>;

type Inputs = AskedSpec['inputs'];
type WithoutFaces = Exclude<QuoteRequest, { operation: 'face-swap' | 'face-swap-video' }>;
/** A job that is only asked about: what admission looks at, and nothing of the pictures themselves. */
export type JobToQuote = WantedJob & { readonly inputs: Inputs };

/**
 * The job that a request would make.
 *
 * @throws Problem what the submission would be refused with before it reaches the services
 */
export async function jobToQuote(asked: WithoutFaces, measure: Measure): Promise<JobToQuote> {
  if (asked.operation === 'generate') {
    const { request } = asked;
    const inputs: Inputs = [];
    for (const { role, ...field } of picturesIn(request, '/request')) {
      inputs.push(inputOf(role, await measure(field)));
    }
    return { ...generateJob(request), inputs };
  }
  if (asked.operation === 'video') {
    const { image } = asked.request;
    const field = { pointer: '/request/image', reference: image ?? '' };
    const inputs = image === undefined ? [] : [inputOf('image', await measure(field))];
    return { ...videoJob(asked.request), inputs };
  }
  const { request } = asked;
  const image = await measure({ pointer: '/request/image', reference: request.image });
  if (asked.operation === 'upscale') {
    return { ...upscaleJob(asked.request, image), inputs: [inputOf('image', image)] };
  }
  const inputs = [inputOf('image', image)];
  if (asked.request.mask !== undefined) {
    const mask = await measure({ pointer: '/request/mask', reference: asked.request.mask });
    requireMaskFits(mask, image, '/request/mask');
    inputs.push(inputOf('mask', mask));
  }
  return { ...editJob(asked.request, image), inputs };
}
