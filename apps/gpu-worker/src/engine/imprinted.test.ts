import { describe, expect, it } from '@jest/globals';
import { findWatermark, Watermark, WatermarkThread } from '@safelight/provenance';
import sharp from 'sharp';
import { imprintOf } from '../agent/imprint.js';
import { encodePicture } from './builtin/encode.js';
import { decodeImage } from './builtin/intake.js';
import type { Picture } from './builtin/picture.js';
import { imprinted } from './imprinted.js';

const key = Buffer.alloc(32, 7);
const imprint = imprintOf(new WatermarkThread(key), 'job_1', 0);

/** A picture with some grain in it. */
function grainy(width: number, height: number, seed = 1): Picture {
  const rgba = new Uint8Array(width * height * 4);
  let state = seed;
  for (let at = 0; at < rgba.length; at += 4) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const value = 90 + ((at / 4) % width) / 4 + (state % 23);
    rgba.set([value, value + 9, 200 - value, 255], at);
  }
  return { rgba, width, height };
}

describe('a picture with a watermark', () => {
  it('says which job it is of, in every format', async () => {
    const { picture, watermark } = await imprinted(grainy(310, 310), {
      operation: 'generate',
      imprint,
    });
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const file = await encodePicture(picture, { format, model: 'builtin/atelier' });
      const [likeliest] = await findWatermark(file, new Watermark(key));
      expect([likeliest?.id, likeliest?.scale]).toEqual([watermark, 1]);
    }
    const again = await imprinted(grainy(310, 310), { operation: 'generate', imprint });
    expect(Buffer.compare(again.picture.rgba, picture.rgba)).toBe(0);
  });

  it('is after an edit what it was, bit by bit, outside of what the edit changed', async () => {
    const before = grainy(300, 200);
    const image = await sharp(before.rgba, { raw: { width: 300, height: 200, channels: 4 } })
      .png()
      .toBuffer();
    const made = await decodeImage(image);
    const edited = { ...made, rgba: new Uint8Array(made.rgba) };
    const edge = 300 * 60 * 4;
    edited.rgba.set(grainy(300, 140, 5).rgba, edge);
    const { picture, watermark } = await imprinted(edited, { operation: 'edit', image, imprint });
    expect(watermark).toBe(imprint.id);
    expect(Buffer.compare(picture.rgba.subarray(0, edge), before.rgba.subarray(0, edge))).toBe(0);
    expect(Buffer.compare(picture.rgba, edited.rgba)).not.toBe(0);
    const unchanged = await imprinted(made, { operation: 'edit', image, imprint });
    expect(unchanged).toEqual({ picture: made });
  });

  it('is left alone where it is too small, or where nobody asked for it', async () => {
    const small = grainy(127, 300);
    expect(await imprinted(small, { operation: 'generate', imprint })).toEqual({ picture: small });
    const trial = grainy(200, 200);
    expect(await imprinted(trial, { operation: 'generate' })).toEqual({ picture: trial });
  });
});
