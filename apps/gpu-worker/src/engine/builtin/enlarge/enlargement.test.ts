import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type EngineProgress, EngineCancelled, type EngineRequest } from '../../engine.js';
import { ALGORITHMIC_MEDIA } from '../../mark.js';
import { BuiltinEngine } from '../builtin.engine.js';
import { apart, drawn, landscape, never, pixelsOf, request, runOn } from '../test/asking.js';

const engine = new BuiltinEngine();
afterAll(() => engine.close());
const image = await landscape(96, 64).png().toBuffer();
const asked = { operation: 'upscale', model: 'builtin/lanczos', prompt: '', image } as const;
const upscale = (over: Partial<EngineRequest>) => runOn(engine, { ...asked, scale: 2, ...over });

// Nothing here is larger than what a picture shrinks to: colours of blocks of pixels.
const shrunk = (bytes: Uint8Array, width: number, height: number): Promise<Buffer> =>
  sharp(bytes)
    .resize(width, height, { kernel: 'linear', fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();

describe('an upscaled picture', () => {
  it.each([
    [2, 'png'],
    [4, 'jpeg'],
    [4, 'webp'],
  ] as const)('is %d times as large, marked, as %s', async (scale, format) => {
    const made = await upscale({ scale, format });
    const size = { width: 96 * scale, height: 64 * scale };
    expect(made).toMatchObject({ ...size, mediaType: `image/${format}` });
    expect(await sharp(made.bytes).metadata()).toMatchObject({ ...size, format });
    expect(Buffer.from(made.bytes).includes(ALGORITHMIC_MEDIA)).toBe(true);
  });

  it('shrinks to the original again, more exactly than mere resampling does', async () => {
    const fine = await drawn(
      96,
      64,
      '<rect width="96" height="64" fill="#ddd"/><g stroke="#225" fill="none"><path d="M0 0 96 64M9 60 80 3"/><circle cx="50" cy="30" r="20"/></g>',
    )
      .flatten()
      .png()
      .toBuffer();
    const original = await pixelsOf(fine);
    const mere = await sharp(fine).resize(384, 256, { kernel: 'lanczos3' }).png().toBuffer();
    const made = (await upscale({ image: fine, scale: 4 })).bytes;
    const lost = apart(original, await shrunk(made, 96, 64));
    expect(lost).toBeLessThan(apart(original, await shrunk(mere, 96, 64)) * 0.8);
  });

  it('stays within the colours around, so that edges have no halos', async () => {
    const edge = await drawn(
      64,
      64,
      '<rect width="64" height="64" fill="#444"/><rect x="32" width="32" height="64" fill="#bbb"/>',
    )
      .flatten()
      .png()
      .toBuffer();
    const pixels = await pixelsOf((await upscale({ image: edge, scale: 4, steps: 20 })).bytes);
    const values = pixels.filter((_, i) => i % 4 === 0);
    expect(Math.min(...values)).toBeGreaterThan(0x44 - 24);
    expect(Math.max(...values)).toBeLessThan(0xbb + 24);
  });

  it.each([
    [1, 1, 4],
    [1, 90, 2],
    [3, 2, 4],
  ] as const)('may begin as small as %d by %d', async (width, height, scale) => {
    const tiny = await drawn(width, height, '<rect width="99" height="99" fill="#a4c"/>')
      .flatten()
      .png()
      .toBuffer();
    const made = await upscale({ image: tiny, scale });
    expect(made).toMatchObject({ width: width * scale, height: height * scale });
    expect([...(await pixelsOf(made.bytes)).subarray(0, 4)]).toEqual([0xaa, 0x44, 0xcc, 255]);
  });

  it('keeps transparency', async () => {
    const cutOut = await drawn(64, 64, '<circle cx="32" cy="32" r="20" fill="#c32"/>')
      .png()
      .toBuffer();
    const pixels = await pixelsOf((await upscale({ image: cutOut })).bytes);
    expect([pixels[3], pixels[(64 * 128 + 64) * 4 + 3]]).toEqual([0, 255]);
  });

  it('gives the same bytes for the same request, and reports every pass', async () => {
    const seen: EngineProgress[] = [];
    const made = await engine.run(
      request({ ...asked, scale: 2, steps: 4 }),
      (progress) => seen.push(progress),
      never,
    );
    expect(seen.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(Buffer.from(made.bytes).equals((await upscale({ steps: 4 })).bytes)).toBe(true);
  });

  it('stops between passes when it is cancelled', async () => {
    const controller = new AbortController();
    const run = engine.run(
      request({ ...asked, scale: 2, steps: 100_000 }),
      () => controller.abort(),
      controller.signal,
    );
    await expect(run).rejects.toBeInstanceOf(EngineCancelled);
  });

  it('says how large a picture may be', async () => {
    const wide = await drawn(1025, 8, '<rect width="1025" height="8"/>').png().toBuffer();
    await expect(upscale({ image: wide, scale: 4 })).rejects.toMatchObject({
      code: 'engine.image_size',
      message: expect.stringContaining('1024 × 1024'),
    });
    expect(await upscale({ image: wide, scale: 2 })).toMatchObject({ width: 2050 });
  });

  it.each<Partial<EngineRequest>>([
    { scale: undefined },
    { image: undefined },
    { strength: 0.5 },
    { automask: 'subject' },
    { model: 'builtin/atelier' },
  ])('refuses what it could not honour (%#)', async (over) => {
    await expect(upscale(over)).rejects.toMatchObject({ code: 'engine.request_invalid' });
  });
});
