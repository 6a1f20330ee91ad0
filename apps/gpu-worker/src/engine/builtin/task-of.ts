import { EngineError, type EngineRequest } from '../engine.js';
import type { Commission } from './atelier/painting.js';
import { decodeFace, decodeImage, decodeMask, resampled, sizeOf, type Size } from './intake.js';
import { assertModel, FILM_LIMITS } from './models.js';
import type { Region, Task } from './tasks.js';

/** How far a picture is left behind where nobody says so. */
const DEFAULT_STRENGTH = { generate: 0.6, edit: 1 } as const;

/**
 * Decodes the pictures of a request that was found valid, and says what to make of them.
 *
 * @throws EngineError `engine.image_unreadable`, `engine.image_size`, `engine.mask_unreadable`,
 *   `engine.mask_size`
 */
export async function taskOf(request: EngineRequest): Promise<Task> {
  const { operation, image, width, height } = request;
  if (operation === 'video') return filmOf(request);
  if (operation === 'face-swap' || operation === 'face-swap-video') return swapOf(request);
  if (image === undefined) return { kind: 'paint', commission: commissionOf(request, request) };
  if (operation === 'edit') return repaintOf(request, image);
  if (operation === 'upscale') return enlargementOf(request, image);
  return {
    kind: 'rework',
    commission: commissionOf(request, request),
    picture: await decodeImage(image, { width, height }),
    strength: request.strength ?? DEFAULT_STRENGTH.generate,
  };
}

async function filmOf(request: EngineRequest): Promise<Task> {
  const { image, width, height, seconds = FILM_LIMITS.seconds, fps = FILM_LIMITS.fps } = request;
  const film = {
    kind: 'film',
    commission: commissionOf(request, request),
    plan: { seconds, fps },
  } as const;
  if (image === undefined) return film;
  return { ...film, picture: await decodeImage(image, { width, height }) };
}

async function swapOf(request: EngineRequest): Promise<Task> {
  const { image, face, video, model, seconds = 0, fps = 0 } = request;
  if (face === undefined) throw new EngineError('engine.request_invalid', 'send a face');
  if (image !== undefined) {
    assertRoom(model, await sizeOf(image, 'image'), 1);
    const [picture, portrait] = [await decodeImage(image), await decodeFace(face)];
    return { kind: 'swap', picture, face: portrait };
  }
  if (video === undefined) throw new EngineError('engine.request_invalid', 'send a video');
  const plan = { seconds, fps };
  return { kind: 'swap-film', mp4: video, face: await decodeFace(face), plan };
}

async function repaintOf(request: EngineRequest, image: Uint8Array): Promise<Task> {
  const size = await sizeOf(image, 'image');
  assertRoom(request.model, size, 1);
  const region = await regionOf(request, size);
  return {
    kind: 'repaint',
    commission: commissionOf(request, size),
    picture: await decodeImage(image),
    region,
    strength: request.strength ?? DEFAULT_STRENGTH.edit,
  };
}

async function regionOf({ mask, automask }: EngineRequest, size: Size): Promise<Region> {
  return mask === undefined ? (automask ?? 'subject') : decodeMask(mask, size);
}

async function enlargementOf(request: EngineRequest, image: Uint8Array): Promise<Task> {
  const { scale = 2, steps } = request;
  assertRoom(request.model, await sizeOf(image, 'image'), scale);
  const picture = await decodeImage(image);
  return { kind: 'enlarge', picture, enlarged: await resampled(picture, scale), scale, steps };
}

function assertRoom(model: string, { width, height }: Size, scale: number): void {
  const { maxWidth, maxHeight } = assertModel(model);
  if (width * scale <= maxWidth && height * scale <= maxHeight) return;
  throw new EngineError(
    'engine.image_size',
    `an image of ${String(width)} × ${String(height)} is too large: send one of at most ` +
      `${String(Math.floor(maxWidth / scale))} × ${String(Math.floor(maxHeight / scale))} pixels`,
  );
}

const commissionOf = (
  { prompt, negativePrompt, steps, guidance, seed }: EngineRequest,
  { width, height }: Size,
): Commission => ({ prompt, negativePrompt, width, height, steps, guidance, seed });
