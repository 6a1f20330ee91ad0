import type { FaceSwapRequest, FaceSwapVideoRequest, PricedItem } from '@safelight/contracts';
import type { WantedJob } from '../jobs/wanted-job.js';
import type { PictureShape } from '../pictures/picture.js';
import { faceModelRefused } from './face.refusals.js';
import type { Video } from './video-intake.js';

const UNUSED = { guidance: 1, seed: 0 } as const;

/**
 * The strictest, whatever the request says: the output of a face swap shows a person, and nobody can
 * look into its inputs yet.
 */
const STRICTEST = 2;

/**
 * Who may work on faces. A model that swaps faces for real would have to be held to checks of its
 * inputs (F2, F3) that do not exist yet; the stand-ins make what nobody takes for a real face.
 */
const FACE_MODEL = 'builtin/face-stand-in';
const FACE_VIDEO_MODEL = 'builtin/face-stand-in-video';

/** How much of a video a preview swaps, in seconds. */
const PREVIEW_SECONDS = 5;

/** What is said of each face that was swapped here, with the answer that accepts the job. */
export const standInWarning = {
  code: 'stand_in',
  message:
    'The result is a stand-in and no real face swap: the face lies posterised, hatched and outlined in an oval that says so.',
} as const;

/**
 * The result is as large as the image whose face changes.
 *
 * @param at where the request stands in the body: '' or '/request'
 * @throws Problem VALIDATION_ERROR for another model
 */
export const faceSwapJob = (
  body: Omit<FaceSwapRequest, 'quote_id'>,
  image: PictureShape,
  at = '',
): WantedJob => ({
  spec: {
    operation: 'face-swap',
    model: only(FACE_MODEL, body.model, at),
    steps: null,
    width: image.width,
    height: image.height,
    ...UNUSED,
    images: 1,
    format: body.output.format,
    lane: body.priority,
    moderationLevel: STRICTEST,
    ...(body.consent === undefined ? {} : { consent: body.consent }),
  },
  words: { prompt: '', negativePrompt: '' },
  metadata: body.metadata,
  webhook: body.webhook,
  warnings: [standInWarning],
});

/** The result is as large as the video, and as long unless it is a preview. @throws as `faceSwapJob` */
export const faceSwapVideoJob = (
  body: Omit<FaceSwapVideoRequest, 'quote_id'>,
  video: Video,
  at = '',
): WantedJob => ({
  spec: {
    operation: 'face-swap-video',
    model: only(FACE_VIDEO_MODEL, body.model, at),
    steps: null,
    width: video.width,
    height: video.height,
    ...UNUSED,
    images: 1,
    // Of pictures alone: a video is an MP4.
    format: 'webp',
    lane: body.priority,
    moderationLevel: STRICTEST,
    seconds: secondsOf(video, body.preview),
    fps: video.fps,
    ...(body.consent === undefined ? {} : { consent: body.consent }),
  },
  words: { prompt: '', negativePrompt: '' },
  metadata: body.metadata,
  webhook: body.webhook,
  warnings: [standInWarning],
});

/** What the price of a video's job is made of. */
export const faceSwapVideoItem = (
  video: Video,
  { preview, plan }: { readonly preview: boolean; readonly plan: string | null },
): PricedItem => ({
  ...{ operation: 'face-swap-video', model: FACE_VIDEO_MODEL, steps: 1, images: 1 },
  ...{ width: video.width, height: video.height, lane: 'standard' },
  seconds: secondsOf(video, preview),
  ...(plan === null ? {} : { plan }),
});

/** Whole frames of an even pace. */
function secondsOf({ seconds, fps }: Pick<Video, 'seconds' | 'fps'>, preview: boolean): number {
  const wanted = preview ? Math.min(PREVIEW_SECONDS, seconds) : seconds;
  return Math.max(1, Math.round(wanted * fps)) / fps;
}

function only(model: string, asked: string | undefined, at: string): string {
  if (asked !== undefined && asked !== model) throw faceModelRefused([model], at);
  return model;
}
