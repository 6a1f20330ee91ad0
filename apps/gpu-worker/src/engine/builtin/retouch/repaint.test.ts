import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { EngineCancelled, type EngineRequest } from '../../engine.js';
import { ALGORITHMIC_MEDIA } from '../../mark.js';
import { BuiltinEngine } from '../builtin.engine.js';
import {
  apart,
  changedPlaces,
  drawn,
  landscape,
  maskOf,
  pixelsOf,
  request,
  runOn,
} from '../test/asking.js';

const engine = new BuiltinEngine();
afterAll(() => engine.close());
const image = await landscape().png().toBuffer();
const decoded = await pixelsOf(image);
const edit = (over: Partial<EngineRequest>) => runOn(engine, { operation: 'edit', image, ...over });
const edited = async (over: Partial<EngineRequest>) => pixelsOf((await edit(over)).bytes);

const square = await maskOf('<rect x="60" y="80" width="100" height="90"/>');
const black = await maskOf('');
const short = await maskOf('', 256, 255);
const tooWide = await sharp(image).resize(2049, 8, { fit: 'fill' }).png().toBuffer();
const inSquare = ([x, y]: [number, number]): boolean => x >= 60 && x < 160 && y >= 80 && y < 170;

describe('an edit', () => {
  it.each([
    ['png', 1],
    ['jpeg', 1],
    ['webp', 1],
    ['png', 0.5],
  ] as const)('of a %s keeps every byte outside the mask, strength %d', async (as, strength) => {
    const source = await landscape().toFormat(as).toBuffer();
    const made = await edit({ image: source, mask: square, strength });
    expect(made).toMatchObject({ width: 256, height: 256, mediaType: 'image/png' });
    expect(Buffer.from(made.bytes).includes(ALGORITHMIC_MEDIA)).toBe(true);
    const changed = changedPlaces(await pixelsOf(source), await pixelsOf(made.bytes), 256);
    expect(changed.filter((place) => !inSquare(place))).toEqual([]);
    expect(changed.length).toBeGreaterThan(100 * 90 * 0.8);
  });

  it('meets what is around it softly, inside the mask', async () => {
    const pixels = await edited({ mask: square, prompt: 'a night sky', steps: 8 });
    const gapTo = (x: number): number =>
      Math.abs((pixels[(125 * 256 + x) * 4] ?? 0) - (decoded[(125 * 256 + x) * 4] ?? 0));
    expect(gapTo(60)).toBeLessThan(gapTo(110));
  });

  it('takes grey as a weight', async () => {
    const [white, grey] = [
      await maskOf('<rect width="256" height="256"/>'),
      await maskOf('<rect width="256" height="256" fill="#808080"/>'),
    ];
    const [whole, half] = [await edited({ mask: white }), await edited({ mask: grey })];
    const between = decoded.map((from, i) =>
      Math.round(from + ((whole[i] ?? 0) - from) * (128 / 255)),
    );
    expect(apart(half, between)).toBeLessThan(0.6);
  });

  it('repaints all of a picture whose mask is white', async () => {
    const mask = await maskOf('<rect width="256" height="256"/>');
    const words = await pixelsOf((await runOn(engine, {})).bytes);
    expect((await edited({ mask })).equals(words)).toBe(true);
  });

  it.each([
    ['the mask is black', { mask: black }],
    ['the strength is 0', { mask: square, strength: 0 }],
  ])('changes nothing where %s', async (_name, over) => {
    expect((await edited(over)).equals(decoded)).toBe(true);
  });

  it('repaints a single pixel, also in a corner', async () => {
    for (const [x, y] of [
      [100, 120],
      [0, 0],
      [255, 255],
    ] as const) {
      const mask = await maskOf(`<rect x="${String(x)}" y="${String(y)}" width="1" height="1"/>`);
      const changed = changedPlaces(decoded, await edited({ mask, prompt: 'a night sky' }), 256);
      expect(changed).toEqual([[x, y]]);
    }
  });

  it('gives the same bytes for the same request', async () => {
    const [a, b] = [await edit({ mask: square }), await edit({ mask: square })];
    expect(Buffer.from(a.bytes).equals(b.bytes)).toBe(true);
  });

  it('keeps transparency outside the mask and is opaque inside', async () => {
    const cutOut = await drawn(256, 256, '<circle cx="128" cy="128" r="60" fill="#c328"/>')
      .png()
      .toBuffer();
    const before = await pixelsOf(cutOut);
    const after = await edited({ image: cutOut, mask: square });
    expect(changedPlaces(before, after, 256).filter((place) => !inSquare(place))).toEqual([]);
    expect(after[(125 * 256 + 110) * 4 + 3]).toBe(255);
  });

  it.each([
    [1, 1],
    [7, 300],
    [301, 13],
    [333, 517],
  ])('is as large as its image: %d by %d', async (width, height) => {
    const odd = await landscape(width, height).png().toBuffer();
    const mask = await maskOf('<rect width="60%" height="100%"/>', width, height);
    expect(await edit({ image: odd, mask })).toMatchObject({ width, height });
  });

  it('finds a subject, and what is behind it, by colours', async () => {
    const subject = await edited({ automask: 'subject', prompt: 'a night sky' });
    const behind = await edited({ automask: 'background', prompt: 'a night sky' });
    const changes = (pixels: Buffer, x: number, y: number): boolean =>
      [0, 1, 2].some((c) => pixels[(y * 256 + x) * 4 + c] !== decoded[(y * 256 + x) * 4 + c]);
    expect([
      changes(subject, 128, 140),
      changes(subject, 20, 20),
      changes(subject, 20, 240),
    ]).toEqual([true, false, false]);
    expect([changes(behind, 128, 140), changes(behind, 20, 20)]).toEqual([false, true]);
  });

  it.each(['subject', 'background'] as const)('says so when it finds no %s', async (automask) => {
    const plain = await drawn(256, 256, '<rect width="256" height="256" fill="#789"/>')
      .flatten()
      .png()
      .toBuffer();
    await expect(edit({ image: plain, automask })).rejects.toMatchObject({
      code: 'engine.region_not_found',
      message: expect.stringContaining('send a mask'),
    });
  });

  it('stops between passes when it is cancelled', async () => {
    const controller = new AbortController();
    const asked = request({ operation: 'edit', image, mask: square, steps: 3000 });
    const run = engine.run(asked, () => controller.abort(), controller.signal);
    await expect(run).rejects.toBeInstanceOf(EngineCancelled);
  });

  it.each([
    ['a mask of another size', { mask: short }, 'engine.mask_size'],
    ['a broken mask', { mask: Buffer.from('nothing') }, 'engine.mask_unreadable'],
    ['no mask', {}, 'engine.request_invalid'],
    ['two masks', { mask: square, automask: 'subject' as const }, 'engine.request_invalid'],
    ['no image', { image: undefined, mask: square }, 'engine.request_invalid'],
    ['a scale', { mask: square, scale: 2 as const }, 'engine.request_invalid'],
    ['a model that cannot', { mask: square, model: 'builtin/lanczos' }, 'engine.request_invalid'],
    ['too large an image', { image: tooWide, mask: square }, 'engine.image_size'],
  ])('refuses %s', async (_name, over, code) => {
    await expect(edit(over)).rejects.toMatchObject({ code });
  });
});
