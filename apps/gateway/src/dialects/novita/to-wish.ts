import type {
  NovitaExtra,
  NovitaImg2img,
  NovitaInpainting,
  NovitaTxt2img,
  NovitaUpscale,
} from '@safelight/contracts';
import { featuresOf, requestWebhook } from '@safelight/contracts';
import { generateJob, partsOf } from '../../jobs/generate-job.js';
import { editJob, requireMaskFits, upscaleJob } from '../../jobs/picture-jobs.js';
import type { Picture } from '../../pictures/picture.js';
import { nativeDefaults, nativeEdit, nativeUpscale } from '../native-request.js';
import type { SentPicture, Wish } from '../wish.js';
import { foreignInExtra, foreignInWords, optionalInWords } from './foreign.js';
import { guidesOf, partsIn } from './parts.js';

type Words = Pick<
  NovitaTxt2img['request'],
  'prompt' | 'negative_prompt' | 'image_num' | 'steps' | 'seed' | 'guidance_scale'
>;

/** What `POST /v3/async/txt2img` means to the native API. */
export function txt2imgToWish({ extra, request }: NovitaTxt2img): Wish {
  const { width, height } = request;
  return {
    ...wishOf('generate', extra, request),
    pictures: [],
    job: (_, without) =>
      generateJob({
        ...{ ...nativeDefaults, ...wordsOf(request), ...takenFrom(extra), width, height },
        ...partsIn(request, without),
      }),
  };
}

/** What `POST /v3/async/img2img` means to the native API. */
export function img2imgToWish({ extra, request }: NovitaImg2img): Wish {
  const { width, height, strength } = request;
  const sized = { width, height, strength };
  return {
    ...wishOf('generate', extra, request),
    pictures: [imageOf(request), ...guidesOf(request)],
    job: (_, without) =>
      generateJob({
        ...{ ...nativeDefaults, ...wordsOf(request), ...takenFrom(extra), ...sized },
        ...partsIn(request, without),
      }),
  };
}

/** What `POST /v3/async/inpainting` means to the native API. */
export function inpaintingToWish({ extra, request }: NovitaInpainting): Wish {
  const { strength = nativeEdit.strength } = request;
  const asked = { ...nativeEdit, ...wordsOf(request), ...takenFrom(extra), strength, image: '' };
  const pointer = '/request/mask_image_base64';
  return {
    ...wishOf('edit', extra, request),
    pictures: [imageOf(request), { role: 'mask', pointer, sent: request.mask_image_base64 }],
    job: ({ image, mask }, without) => {
      requireMaskFits(present(mask), present(image));
      const wanted = editJob(asked, present(image));
      const repaint = request.inpainting_mask_invert === 1 ? 'black' : 'white';
      const parts = partsOf({ ...nativeDefaults, ...partsIn(request, without) });
      const spec = { ...wanted.spec, repaint, ...(parts === undefined ? {} : { parts }) } as const;
      return { ...wanted, spec, needs: featuresOf(parts) };
    },
  };
}

/** What `POST /v3/async/upscale` means to the native API. */
export function upscaleToWish({ extra, request }: NovitaUpscale): Wish {
  const asked = { ...nativeUpscale, ...takenFrom(extra), scale: request.scale_factor, image: '' };
  return {
    ...wishOf('upscale', extra, request),
    pictures: [imageOf(request)],
    job: ({ image }) => upscaleJob(asked, present(image)),
  };
}

const wishOf = (
  operation: Wish['operation'],
  extra: NovitaExtra,
  request: { readonly model_name: string },
) => ({
  operation,
  notes: {
    dialect: 'novita' as const,
    model: request.model_name,
    detection: extra.enable_nsfw_detection,
  },
  foreign: [...foreignInExtra(extra), ...foreignInWords(request)],
  optional: optionalInWords(request),
});

const wordsOf = (request: Words) => ({
  prompt: request.prompt,
  negative_prompt: request.negative_prompt,
  n: request.image_num,
  steps: request.steps,
  guidance: request.guidance_scale,
  seed: request.seed,
});

const takenFrom = (extra: NovitaExtra) => ({
  output: {
    ...nativeDefaults.output,
    format: extra.response_image_type,
    storage: extra.custom_storage && { s3: extra.custom_storage.aws_s3 },
  },
  moderation: { level: extra.nsfw_detection_level },
  webhook: webhookOf(extra),
});

const imageOf = ({ image_base64 }: { readonly image_base64: string }): SentPicture => ({
  role: 'image',
  pointer: '/request/image_base64',
  sent: image_base64,
});

function present(picture: Picture | undefined): Picture {
  if (picture === undefined) throw new Error('a picture that was sent was not taken in');
  return picture;
}

const mockStatuses = { TASK_STATUS_SUCCEED: 'completed', TASK_STATUS_FAILED: 'failed' } as const;
const NO_TEST = { enabled: false, return_task_status: 'TASK_STATUS_SUCCEED' } as const;

function webhookOf({ webhook }: NovitaExtra) {
  if (webhook === undefined) return undefined;
  const { url, test_mode: { enabled, return_task_status } = NO_TEST } = webhook;
  const return_status = mockStatuses[return_task_status];
  return requestWebhook.parse({ url, test_mode: { enabled, return_status } });
}
