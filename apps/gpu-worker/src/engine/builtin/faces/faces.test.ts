import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFilm, drawnFace, testFilm, type DrawnFace } from '@safelight/testing';
import type { EngineRequest } from '../../engine.js';
import { BuiltinEngine } from '../builtin.engine.js';
import { decodeImage } from '../intake.js';
import { changedPlaces, landscape, never, pixelsOf, request } from '../test/asking.js';
import { outness } from './oval.js';
import { faceIn } from './portrait.js';
import { pixelsIn } from './tints.js';

const engine = new BuiltinEngine();
let face: Buffer;
beforeAll(async () => {
  face = await drawnFace({ skin: '#8d5a3c', hair: '#111' });
});
afterAll(() => engine.close());

const ovalIn = async (picture: Buffer) => {
  const decoded = await decodeImage(picture);
  return faceIn(decoded.width, decoded.height, pixelsIn(decoded));
};
const plainNature = () => landscape(320, 240).png().toBuffer();

describe('the search for a face', () => {
  it.each<[string, DrawnFace]>([
    ['in the middle', {}],
    ['of dark skin', { skin: '#6b4128' }],
    ['of light skin', { skin: '#f1c9ae', hair: '#777' }],
    ['at the side', { at: [0.75, 0.35], size: 0.2 }],
    ['in a large picture', { width: 1200, height: 900 }],
    ['of little size', { size: 0.1 }],
  ])('finds one %s', async (_, drawn) => {
    const { width = 320, height = 240, at = [0.5, 0.42], size = 0.24 } = drawn;
    const oval = await ovalIn(await drawnFace(drawn));
    expect(oval!.cx / width).toBeCloseTo(at[0], 1.5);
    expect(Math.abs(oval!.cy / height - at[1])).toBeLessThan(0.06);
    expect(oval!.ry / height / size).toBeGreaterThan(0.8);
    expect(oval!.ry / height / size).toBeLessThan(1.3);
  });

  it('takes neither a round red thing for one, nor an oval of skin without eyes', async () => {
    expect(await ovalIn(await plainNature())).toBeUndefined();
    const { drawn } = await import('../test/asking.js');
    const blank = '<rect width="100%" height="100%" fill="#578"/>';
    const oval = '<ellipse cx="50%" cy="50%" rx="20%" ry="34%" fill="#d9a07a"/>';
    expect(
      await ovalIn(
        await drawn(320, 240, blank + oval)
          .png()
          .toBuffer(),
      ),
    ).toBeUndefined();
    const oneEye = '<circle cx="45%" cy="42%" r="7" fill="#222"/>';
    const winking = await drawn(320, 240, blank + oval + oneEye)
      .png()
      .toBuffer();
    expect(await ovalIn(winking)).toBeUndefined();
  });
});

describe('a face laid over an image', () => {
  const swap = (over: Partial<EngineRequest>) =>
    engine.run(
      request({ operation: 'face-swap', model: 'builtin/face-stand-in', steps: 1, ...over }),
      () => undefined,
      never,
    );

  it('changes the oval, all of it, and not one byte outside', async () => {
    const image = await drawnFace();
    const oval = (await ovalIn(image))!;
    const made = await swap({ image, face });
    expect(made).toMatchObject({ width: 320, height: 240, mediaType: 'image/png' });
    const places = changedPlaces(await pixelsOf(image), await pixelsOf(made.bytes), 320);
    const out = places.map(([x, y]) => outness(oval, x + 0.5, y + 0.5));
    expect(Math.max(...out)).toBeLessThanOrEqual(1);
    expect(places.length).toBeGreaterThan(0.9 * Math.PI * oval.rx * oval.ry);
  });

  it('is plainly marked: a rim of black and white dashes, and a label in dark on white', async () => {
    const image = await drawnFace();
    const { cx, cy, rx, ry } = (await ovalIn(image))!;
    const pixels = await pixelsOf((await swap({ image, face })).bytes);
    const lightAt = (x: number, y: number) => pixels[(Math.floor(y) * 320 + Math.floor(x)) * 4]!;
    const rim = Array.from({ length: 360 }, (_, degree) => {
      const turn = (degree / 180) * Math.PI;
      return lightAt(cx + 0.965 * rx * Math.cos(turn), cy + 0.965 * ry * Math.sin(turn));
    });
    expect(rim.every((light) => light === 20 || light === 245)).toBe(true);
    expect(rim.filter((light, at) => at > 0 && light !== rim[at - 1]).length).toBeGreaterThan(40);
    const label = Array.from({ length: 60 }, (_, at) =>
      lightAt(cx + ((at - 30) / 30) * 0.7 * rx, cy + 0.52 * ry),
    );
    expect(new Set(label)).toEqual(new Set([15, 250]));
  });

  it('is refused where one of the pictures shows none, and is not tried again', async () => {
    const [image, nature] = [await drawnFace(), await plainNature()];
    const none = { code: 'engine.face_not_found' };
    await expect(swap({ image: nature, face })).rejects.toMatchObject(none);
    await expect(swap({ image, face: nature })).rejects.toMatchObject(none);
    const broken = { code: 'engine.face_unreadable' };
    await expect(swap({ image, face: Buffer.from('no') })).rejects.toMatchObject(broken);
    const invalid = { code: 'engine.request_invalid' };
    await expect(swap({ image })).rejects.toMatchObject(invalid);
    await expect(swap({ image, face, strength: 1 })).rejects.toMatchObject(invalid);
  });
});

describe('a face laid over a film', () => {
  const size = { width: 160, height: 120 };
  const film = async (still: Buffer, frames = 18) => {
    const pixels = await pixelsOf(still);
    return testFilm({ ...size, frames, fps: 6, draw: () => pixels });
  };
  const swap = (over: Partial<EngineRequest>, signal = never, onStep?: (step: number) => void) =>
    engine.run(
      request({
        ...{ operation: 'face-swap-video', model: 'builtin/face-stand-in-video', face },
        ...{ ...size, steps: 1, seconds: 2, fps: 6, ...over },
      }),
      ({ step }) => onStep?.(step),
      signal,
    );

  it('lasts as long as was asked for, tells of each frame, and leaves the rest alone', async () => {
    const video = await film(await drawnFace(size));
    const steps: number[] = [];
    const made = await swap({ video }, never, (step) => steps.push(step));
    expect(made).toMatchObject({ ...size, mediaType: 'video/mp4', seconds: 2 });
    expect(steps).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    const [before, after] = [await decodeFilm(video), await decodeFilm(made.bytes)];
    expect(after.frames).toHaveLength(12);
    const apart = (x: number, y: number) =>
      Math.abs(after.frames[11]![y * 160 + x]! - before.frames[11]![y * 160 + x]!);
    expect(Math.max(apart(5, 5), apart(155, 5), apart(5, 115))).toBeLessThan(12);
    const oval = (await ovalIn(await drawnFace(size)))!;
    const row = Math.floor(oval.cy);
    const inside = Array.from({ length: Math.floor(oval.rx) }, (_, at) =>
      apart(Math.floor(oval.cx - oval.rx / 2 + at), row),
    );
    expect(Math.max(...inside)).toBeGreaterThan(40);
  });

  it('is refused where no frame shows one, and where the film is none', async () => {
    const empty = await film(await landscape(160, 120).png().toBuffer(), 6);
    await expect(swap({ video: empty, seconds: 1 })).rejects.toMatchObject({
      code: 'engine.face_not_found',
    });
    const broken = (await film(await drawnFace(size), 6)).subarray(0, 900);
    await expect(swap({ video: broken, seconds: 1 })).rejects.toMatchObject({
      code: 'engine.video_unreadable',
    });
  });

  it('stops between two frames', async () => {
    const video = await film(await drawnFace(size), 60);
    const stop = new AbortController();
    const steps: number[] = [];
    const making = swap({ video, seconds: 10 }, stop.signal, (step) => {
      steps.push(step);
      if (step === 2) stop.abort();
    });
    await expect(making).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(steps.length).toBeLessThan(60);
  });
});
