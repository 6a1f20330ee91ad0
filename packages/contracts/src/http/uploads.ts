import { z } from 'zod';
import { instant, mediaType } from '../scalars.js';
import { imageReference } from './fields.js';

/**
 * The body of `POST /api/v1/uploads` as JSON; the other form is the image itself, with the
 * content-type image/png, image/jpeg or image/webp.
 */
export const uploadRequest = z.strictObject({
  /** In base64, or as an https URL to fetch it from. */
  image: imageReference.refine(
    (image) => !image.startsWith('upl_'),
    'is an upload already; use its id in your request',
  ),
});
export type UploadRequest = z.output<typeof uploadRequest>;

/** An image that was sent once, as it was taken in: drawn anew, without its metadata. */
export const uploadResource = z.strictObject({
  id: z.string(),
  media_type: mediaType,
  width: z.int(),
  height: z.int(),
  /** Size of the picture as it was drawn anew. */
  bytes: z.int(),
  created_at: instant,
  /** From then on the id names nothing. */
  expires_at: instant,
});
export type UploadResource = z.infer<typeof uploadResource>;

export const uploadAnswer = z.strictObject({ data: uploadResource, meta: z.strictObject({}) });
