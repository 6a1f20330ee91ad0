import { z } from 'zod';
import { consentId } from '../scalars.js';
import {
  imageOutput,
  imageReference,
  metadata,
  modelName,
  moderation,
  priority,
  quoteId,
} from './fields.js';
import { webhookField } from './webhooks.js';

/**
 * Whoever sends a face says that its owner agreed: with `true`, or with a consent that was recorded
 * and is live. Without either the request is refused as CONSENT_REQUIRED, and not as a fault of the
 * schema; so is one that names a consent which is over, whatever else it says.
 */
const agreement = {
  biometric_consent: z.boolean('must be true or false').default(false),
  consent: consentId.optional(),
} as const;

/** The body of `POST /api/v1/face-swap`: the face of one image on another. */
export const faceSwapRequest = z.strictObject({
  /** The picture that changes. */
  image: imageReference,
  /** The picture whose face it gets. */
  face: imageReference,
  ...agreement,
  model: modelName.optional(),
  output: imageOutput,
  moderation,
  priority,
  quote_id: quoteId,
  ...webhookField,
  metadata: metadata.default({}),
});
export type FaceSwapRequest = z.output<typeof faceSwapRequest>;
/** The same without a quote's id: what a quote is asked for. */
export const faceSwapToQuote = faceSwapRequest.omit({ quote_id: true });

const videoUrl = z.url({
  protocol: /^https$/,
  message: 'must be an https URL of a video',
});

/** The body of `POST /api/v1/face-swap-video/analyze`. */
export const analyzeVideoRequest = z.strictObject({ video: videoUrl });
export type AnalyzeVideoRequest = z.output<typeof analyzeVideoRequest>;

/** The body of `POST /api/v1/face-swap-video`. */
export const faceSwapVideoRequest = z.strictObject({
  video: videoUrl,
  face: imageReference,
  ...agreement,
  /** The first 5 seconds alone. */
  preview: z.boolean('must be true or false').default(false),
  model: modelName.optional(),
  moderation,
  priority,
  quote_id: quoteId,
  ...webhookField,
  metadata: metadata.default({}),
});
export type FaceSwapVideoRequest = z.output<typeof faceSwapVideoRequest>;
export const faceSwapVideoToQuote = faceSwapVideoRequest.omit({ quote_id: true });

/** How long a video is, and what swapping a face in it costs. */
export const analyzeVideoAnswer = z.strictObject({
  data: z.strictObject({
    duration_seconds: z.number(),
    width: z.int(),
    height: z.int(),
    fps: z.int(),
    /** Of all of it, and of its first 5 seconds; credits as decimal strings. */
    price: z.string(),
    preview_price: z.string(),
  }),
  meta: z.strictObject({}),
});
