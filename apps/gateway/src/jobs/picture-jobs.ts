import type { EditRequest, UpscaleRequest, VideoRequest } from '@safelight/contracts';
import { Problem } from '../http/problem.js';
import type { PictureShape } from '../pictures/picture.js';
import { chooseSeed } from './seed.js';
import type { WantedJob } from './wanted-job.js';

const GUIDANCE_UNUSED = 1;
const SEED_UNUSED = 0;

/** The result is as large as the image. */
export const editJob = (body: Omit<EditRequest, 'quote_id'>, image: PictureShape): WantedJob => ({
  spec: {
    operation: 'edit',
    model: body.model ?? null,
    steps: body.steps ?? null,
    width: image.width,
    height: image.height,
    guidance: body.guidance,
    images: body.n,
    seed: chooseSeed(body.seed),
    format: body.output.format,
    lane: body.priority,
    moderationLevel: body.moderation.level,
    strength: body.strength,
    automask: body.automask ?? null,
  },
  words: { prompt: body.prompt, negativePrompt: body.negative_prompt },
  metadata: body.metadata,
  webhook: body.webhook,
  storage: body.output.storage?.s3,
});

/** @throws Problem VALIDATION_ERROR unless the mask is a PNG as large as the image */
export function requireMaskFits(mask: PictureShape, image: PictureShape, pointer = '/mask'): void {
  const refuse = (message: string) =>
    new Problem('VALIDATION_ERROR', `${pointer} ${message}`, { errors: [{ pointer, message }] });
  if (mask.mediaType !== 'image/png') {
    throw refuse('must be a PNG, because other formats blur its edge; white is repainted');
  }
  if (mask.width !== image.width || mask.height !== image.height) {
    const [own, its] = [mask, image].map(({ width, height }) => `${width} x ${height}`);
    throw refuse(`must be as large as the image; it is ${own} and the image ${its} pixels`);
  }
}

export const upscaleJob = (
  body: Omit<UpscaleRequest, 'quote_id'>,
  image: PictureShape,
): WantedJob => ({
  spec: {
    operation: 'upscale',
    model: body.model ?? null,
    steps: null,
    width: image.width * body.scale,
    height: image.height * body.scale,
    guidance: GUIDANCE_UNUSED,
    images: 1,
    seed: SEED_UNUSED,
    format: body.output.format,
    lane: body.priority,
    moderationLevel: body.moderation.level,
    scale: body.scale,
  },
  words: { prompt: '', negativePrompt: '' },
  metadata: body.metadata,
  webhook: body.webhook,
  storage: body.output.storage?.s3,
});

export const videoJob = (body: Omit<VideoRequest, 'quote_id'>): WantedJob => ({
  spec: {
    operation: 'video',
    model: body.model ?? null,
    steps: body.steps ?? null,
    width: body.width,
    height: body.height,
    guidance: body.guidance,
    images: 1,
    seed: chooseSeed(body.seed),
    // Of pictures alone: a video is an MP4.
    format: 'webp',
    lane: body.priority,
    moderationLevel: body.moderation.level,
    seconds: body.seconds,
    fps: body.fps,
  },
  words: { prompt: body.prompt, negativePrompt: body.negative_prompt },
  metadata: body.metadata,
  webhook: body.webhook,
});
