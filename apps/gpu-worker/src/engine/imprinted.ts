import { LEAST_SIDE } from '@safelight/provenance';
import { decodeImage } from './builtin/intake.js';
import type { Picture } from './builtin/picture.js';
import type { EngineOutput, EngineRequest } from './engine.js';

type Asked = Pick<EngineRequest, 'operation' | 'image' | 'imprint'>;
type Imprinted = { readonly picture: Picture } & Pick<EngineOutput, 'watermark'>;

/**
 * A picture with the watermark that was asked for. An edit promises that what lies outside its mask stays as it
 * was, bit by bit: there only pixels that the edit has changed are touched. What is too small to carry one, or
 * unchanged, stays as it is.
 */
export async function imprinted(
  made: Picture,
  { operation, image, imprint }: Asked,
): Promise<Imprinted> {
  if (imprint === undefined || Math.min(made.width, made.height) < LEAST_SIDE) {
    return { picture: made };
  }
  const changed =
    operation === 'edit' && image !== undefined
      ? changedPixels(made, await decodeImage(image))
      : undefined;
  if (changed?.every((pixel) => pixel === 0)) return { picture: made };
  return { picture: await imprint.into(made, changed), watermark: imprint.id };
}

/** 1 where two pictures differ; `undefined`, for all, where they are not of one size. */
function changedPixels(made: Picture, before: Picture): Uint8Array | undefined {
  if (made.width !== before.width || made.height !== before.height) return undefined;
  const changed = new Uint8Array(made.width * made.height);
  const [after, first] = [words(made.rgba), words(before.rgba)];
  for (let at = 0; at < changed.length; at += 1) {
    if (after[at] !== first[at]) changed[at] = 1;
  }
  return changed;
}

/** Pixel by pixel; copied where the bytes do not begin at a word. */
function words(rgba: Uint8Array): Uint32Array {
  const aligned = rgba.byteOffset % 4 === 0 ? rgba : new Uint8Array(rgba);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
