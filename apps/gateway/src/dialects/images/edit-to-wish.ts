import type { ImagesEditRequest } from '@safelight/contracts';
import { generateJob } from '../../jobs/generate-job.js';
import { editJob, requireMaskFits } from '../../jobs/picture-jobs.js';
import type { Picture } from '../../pictures/picture.js';
import { nativeDefaults, nativeEdit } from '../native-request.js';
import { foreignFields, type SentPicture, type TakenPictures, type Wish } from '../wish.js';
import { foreignIn, userOf } from './to-wish.js';

const SIDE_MIN = 128;
const SIDE_MAX = 2048;

/**
 * What `POST /v1/images/edits` means to the native API: with a mask, to repaint where the mask is
 * transparent; without one, to draw the picture anew after the prompt, beginning with it.
 */
export function editToWish(body: ImagesEditRequest): Wish {
  const isSent = (role: SentPicture['role'], sent: string | undefined): SentPicture[] =>
    sent === undefined ? [] : [{ role, pointer: `/${role}`, sent: Buffer.from(sent, 'base64') }];
  return {
    notes: { dialect: 'images', model: body.model, detection: false },
    foreign: [
      ...foreignIn(body),
      ...foreignFields({ input_fidelity: body.input_fidelity !== undefined }),
    ],
    ...{ operation: body.mask === undefined ? 'generate' : 'edit', optional: [] },
    pictures: [...isSent('image', body.image), ...isSent('mask', body.mask)],
    job: (pictures) => jobOf(body, pictures),
  };
}

function jobOf(body: ImagesEditRequest, { image, mask }: TakenPictures): ReturnType<Wish['job']> {
  if (image === undefined) throw new Error('an edit without an image');
  const common = {
    prompt: body.prompt,
    n: body.n ?? 1,
    output: { ...nativeDefaults.output, format: body.output_format ?? 'png' },
    metadata: userOf(body),
  };
  if (mask === undefined) {
    return generateJob({ ...nativeDefaults, ...common, ...(body.size ?? sizeLike(image)) });
  }
  requireMaskFits(mask, image);
  const wanted = editJob({ ...nativeEdit, ...common, image: '' }, image);
  const { size } = body;
  const isOther =
    size !== undefined && (size.width !== image.width || size.height !== image.height);
  return {
    ...wanted,
    spec: { ...wanted.spec, repaint: 'transparent' },
    foreign: foreignFields({ size: isOther }),
  };
}

/** The picture's own size where it can be drawn; otherwise the nearest of the same shape. */
function sizeLike({ width, height }: Picture) {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const side = (length: number) => Math.max(SIDE_MIN, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}
