import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { EngineCancelled, type EngineProgress, type EngineRequest } from '../../engine.js';
import { ALGORITHMIC_MEDIA } from '../../mark.js';
import { BuiltinEngine } from '../builtin.engine.js';
import { apart, drawn, landscape, never, pixelsOf, request, runOn } from '../test/asking.js';

const engine = new BuiltinEngine();
afterAll(() => engine.close());
const run = (over: Partial<EngineRequest>) => runOn(engine, over);

const image = await landscape().png().toBuffer();
const decoded = await pixelsOf(image);

describe('image to image', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'gives the decoded %s back at strength 0',
    async (as) => {
      const encoded = await landscape().toFormat(as).toBuffer();
      const made = await run({ image: encoded, strength: 0 });
      expect((await pixelsOf(made.bytes)).equals(await pixelsOf(encoded))).toBe(true);
    },
  );

  it('gives the painting of the words at strength 1', async () => {
    const made = await run({ image, strength: 1 });
    expect(Buffer.from(made.bytes).equals((await run({})).bytes)).toBe(true);
  });

  it('moves from the picture to the words as the strength grows', async () => {
    const words = await pixelsOf((await run({ steps: 12 })).bytes);
    const made: Buffer[] = [];
    for (const strength of [0.15, 0.45, 0.75, 0.95]) {
      made.push(await pixelsOf((await run({ image, strength, steps: 12 })).bytes));
    }
    const fromPicture = made.map((pixels) => apart(decoded, pixels));
    const fromWords = made.map((pixels) => apart(words, pixels));
    expect(fromPicture).toEqual([...fromPicture].sort((a, b) => a - b));
    expect(fromWords).toEqual([...fromWords].sort((a, b) => b - a));
    expect(fromPicture[0]).toBeLessThan(16);
    expect(fromWords[3]).toBeLessThan(apart(decoded, words) / 4);
  });

  it('gives the same bytes for the same request, and others for another seed', async () => {
    const half = { image, strength: 0.5 };
    const first = Buffer.from((await run(half)).bytes);
    expect(first.equals((await run(half)).bytes)).toBe(true);
    expect(first.equals((await run({ ...half, seed: 8 })).bytes)).toBe(false);
  });

  it('marks what it made, also where that is the picture itself', async () => {
    for (const strength of [0, 0.5]) {
      const { bytes } = await run({ image, strength });
      expect(Buffer.from(bytes).includes(ALGORITHMIC_MEDIA)).toBe(true);
    }
  });

  it.each([0, 0.5, 1])('reports every pass once and in order at strength %d', async (strength) => {
    const seen: EngineProgress[] = [];
    const asked = request({ image, strength, steps: 7 });
    await engine.run(asked, (progress) => seen.push(progress), never);
    expect(seen).toEqual(Array.from({ length: 7 }, (_, i) => ({ step: i + 1, steps: 7 })));
  });

  it('stops between passes when it is cancelled', async () => {
    const controller = new AbortController();
    let passes = 0;
    const asked = request({ image, strength: 0.5, steps: 3000 });
    const cancelled = engine.run(
      asked,
      () => {
        if (++passes === 2) controller.abort();
      },
      controller.signal,
    );
    await expect(cancelled).rejects.toBeInstanceOf(EngineCancelled);
    expect(passes).toBeLessThan(1500);
  });

  it('fills another size with the middle of the picture', async () => {
    const wide = await drawn(
      600,
      200,
      '<rect width="600" height="200" fill="#f00"/><rect x="200" width="200" height="200" fill="#00f"/>',
    )
      .flatten()
      .png()
      .toBuffer();
    const made = await run({ image: wide, strength: 0, width: 320, height: 320 });
    expect(made).toMatchObject({ width: 320, height: 320 });
    const pixels = await pixelsOf(made.bytes);
    expect([...pixels.subarray((160 * 320 + 160) * 4, (160 * 320 + 160) * 4 + 4)]).toEqual([
      0, 0, 255, 255,
    ]);
  });

  it('keeps transparency while the picture holds, and paints over it as it lets go', async () => {
    const cutOut = await drawn(256, 256, '<circle cx="128" cy="128" r="90" fill="#c32"/>')
      .png()
      .toBuffer();
    const alphaAt = async (strength: number): Promise<number | undefined> =>
      (await pixelsOf((await run({ image: cutOut, strength })).bytes))[3];
    expect(await alphaAt(0)).toBe(0);
    const half = (await alphaAt(0.5)) ?? 0;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(255);
    expect(await alphaAt(1)).toBe(255);
    const jpeg = await pixelsOf((await run({ image: cutOut, strength: 0, format: 'jpeg' })).bytes);
    expect([...jpeg.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  it.each([
    ['16-bit PNG', sharp(image).toColourspace('rgb16').png()],
    ['palette PNG', sharp(image).png({ palette: true })],
    ['grey JPEG', sharp(image).greyscale().jpeg()],
    ['CMYK JPEG', sharp(image).toColourspace('cmyk').jpeg()],
    ['WebP with alpha', sharp(image).ensureAlpha(0.5).webp()],
  ])('reads a %s', async (_name, kind) => {
    const made = await run({ image: await kind.toBuffer(), strength: 0.3, steps: 2 });
    expect(made).toMatchObject({ width: 256, height: 256 });
  });

  it.each([
    ['no picture', Buffer.from('hello'), 'engine.image_unreadable'],
    ['nothing', Buffer.alloc(0), 'engine.image_unreadable'],
    ['half a picture', image.subarray(0, 300), 'engine.image_unreadable'],
    ['a drawing', Buffer.from('<svg width="9" height="9"/>'), 'engine.image_unreadable'],
  ])('refuses %s', async (_name, broken, code) => {
    await expect(run({ image: broken, strength: 0.5 })).rejects.toMatchObject({ code });
  });

  it.each<Partial<EngineRequest>>([
    { image, strength: 1.1 },
    { image, strength: -0.1 },
    { image, strength: Number.NaN },
    { strength: 0.5 },
    { image, mask: image },
    { image, automask: 'subject' },
    { image, scale: 2 },
    { image, model: 'builtin/blank' },
    { image, model: 'builtin/lanczos' },
  ])('refuses what it could not honour (%#)', async (asked) => {
    await expect(run(asked)).rejects.toMatchObject({ code: 'engine.request_invalid' });
  });
});
