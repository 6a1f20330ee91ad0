import { decodeBase64Image, ImageRefused } from '@safelight/image-intake';
import { bodyTooLarge } from '../http/refusals.js';
import { Problem } from '../http/problem.js';

/** An image inside JSON, decoded, in bytes. */
const INLINE_MAX_BYTES = 3_400_000;

const signatures: readonly (readonly [offset: number, bytes: string])[] = [
  [0, '\x89PNG\r\n\x1a\n'],
  [0, '\xff\xd8\xff'],
  [8, 'WEBP'],
  // An MP4, as our videos are.
  [4, 'ftyp'],
];

/**
 * The bytes of an image or video that is looked at as a file, never decoded.
 *
 * @throws Problem PAYLOAD_TOO_LARGE, VALIDATION_ERROR, UNSUPPORTED_MEDIA
 */
export function imageFile(base64: string): Buffer {
  const bytes = decoded(base64);
  const isImage = signatures.some(
    ([offset, mark]) => bytes.toString('latin1', offset, offset + mark.length) === mark,
  );
  if (isImage) return bytes;
  throw new Problem('UNSUPPORTED_MEDIA', '/image is not a JPEG, PNG, WebP or MP4 by its content.');
}

function decoded(base64: string): Buffer {
  try {
    return decodeBase64Image(base64, INLINE_MAX_BYTES);
  } catch (error) {
    if (!(error instanceof ImageRefused)) throw error;
    if (error.code === 'image.too_large') throw bodyTooLarge();
    throw new Problem('VALIDATION_ERROR', `/image: ${error.message}`, {
      errors: [{ pointer: '/image', message: error.message }],
    });
  }
}
