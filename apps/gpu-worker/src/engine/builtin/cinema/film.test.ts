import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFilm, type DecodedFilm } from '@safelight/testing';
import sharp from 'sharp';
import { EngineCancelled, type EngineOutput, type EngineProgress } from '../../engine.js';
import { ALGORITHMIC_MEDIA } from '../../mark.js';
import { BuiltinEngine } from '../builtin.engine.js';
import { landscape, never, request } from '../test/asking.js';

const engine = new BuiltinEngine();
afterAll(() => engine.close());

const asked = (over: Parameters<typeof request>[0] = {}) =>
  request({
    ...{ operation: 'video', model: 'builtin/cinema', width: 256, height: 144, steps: 2 },
    ...{ prompt: 'a boat on a lake at sunset, clouds', seconds: 1.5, fps: 12 },
    ...over,
  });
const film = (over: Parameters<typeof request>[0] = {}) =>
  engine.run(asked(over), () => undefined, never);
const sameBytes = (a: EngineOutput, b: EngineOutput): boolean =>
  Buffer.from(a.bytes).equals(b.bytes);

/** The mean difference in lightness, in byte steps. */
function apart(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, light, i) => sum + Math.abs(light - b[i]!), 0) / a.length;
}
const meanOf = (light: Uint8Array): number => light.reduce((a, b) => a + b, 0) / light.length;

describe('a film of words', () => {
  let made: EngineOutput;
  let seen: DecodedFilm;
  const progress: EngineProgress[] = [];
  beforeAll(async () => {
    made = await engine.run(asked(), (step) => progress.push(step), never);
    seen = await decodeFilm(made.bytes);
  }, 120_000);

  it('plays: as large, as long and with as many frames as asked', () => {
    expect(made).toMatchObject({ mediaType: 'video/mp4', width: 256, height: 144, seconds: 1.5 });
    expect(seen).toMatchObject({ width: 256, height: 144, seconds: expect.closeTo(1.5, 2) });
    expect(seen.frames).toHaveLength(18);
  });

  it('moves from frame to frame, neither black nor burnt, and never jumps', () => {
    const steps = seen.frames.slice(1).map((frame, i) => apart(frame, seen.frames[i]!));
    expect(Math.min(...steps)).toBeGreaterThan(0.05);
    expect(Math.max(...steps)).toBeLessThan(12);
    expect(apart(seen.frames[0]!, seen.frames.at(-1)!)).toBeGreaterThan(3);
    for (const frame of seen.frames) expect(Math.abs(meanOf(frame) - 125)).toBeLessThan(75);
  });

  it('tells its progress in order, to the end', () => {
    const { steps } = progress[0]!;
    expect(progress).toEqual(progress.map((_, i) => ({ step: i + 1, steps })));
    expect(progress.length).toBe(steps);
  });

  it('carries its mark in a box of its own, and begins with its index', () => {
    const bytes = Buffer.from(made.bytes);
    const at = bytes.indexOf(Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'));
    expect(bytes.toString('latin1', at - 4, at)).toBe('uuid');
    expect(bytes.readUInt32BE(at - 8)).toBe(bytes.length - at + 8);
    expect(bytes.toString('latin1', at)).toContain(ALGORITHMIC_MEDIA);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('is the same bytes again, and another film with another seed', async () => {
    expect(sameBytes(await film(), made)).toBe(true);
    expect(sameBytes(await film({ seed: 8 }), made)).toBe(false);
  }, 120_000);
});

describe('films of all kinds', () => {
  it.each([
    'a lighthouse in a storm at sea',
    'a fox in a snowy forest',
    'a jellyfish under water',
    'a planet in space with stars',
    'a candle and fruit on a table',
    'abstract shapes, watercolour',
    'aurora over mountains at night',
    'a clear blue sky',
  ])(
    '%s',
    async (prompt) => {
      const { bytes } = await film({ prompt, steps: 1, seconds: 0.5, fps: 6 });
      const { frames } = await decodeFilm(bytes);
      expect(frames).toHaveLength(3);
      for (const frame of frames) expect(meanOf(frame)).toBeGreaterThan(24);
      expect(apart(frames[0]!, frames[2]!)).toBeGreaterThan(0.2);
    },
    60_000,
  );
});

describe('a film of an image', () => {
  it('begins with the image and leaves it slowly', async () => {
    const image = await landscape(320, 180).png().toBuffer();
    const { bytes, width, height } = await film({ image, prompt: 'a slow look' });
    expect([width, height]).toEqual([256, 144]);
    const { frames } = await decodeFilm(bytes);
    expect(frames).toHaveLength(18);
    const light = await sharp(image)
      .resize(256, 144, { fit: 'cover', kernel: 'lanczos3' })
      .raw()
      .toBuffer();
    const expected = new Uint8Array(256 * 144).map((_, i) => {
      const [r, g, b] = light.subarray(i * 3, i * 3 + 3);
      return 16 + 0.1826 * r! + 0.6142 * g! + 0.062 * b!;
    });
    expect(apart(frames[0]!, expected)).toBeLessThan(4);
    expect(apart(frames.at(-1)!, expected)).toBeGreaterThan(apart(frames[0]!, expected) + 2);
  }, 60_000);

  it('shows snow before it where the words say so', async () => {
    const image = await landscape().flatten({ background: '#000' }).png().toBuffer();
    const plain = await decodeFilm((await film({ image, prompt: 'a view' })).bytes);
    const snowy = await decodeFilm((await film({ image, prompt: 'a view, snow' })).bytes);
    expect(meanOf(snowy.frames[9]!)).toBeGreaterThan(meanOf(plain.frames[9]!) + 0.5);
  }, 60_000);
});

describe('what is filmed no further', () => {
  it('stops between frames when it is cancelled, and films on for the next', async () => {
    const controller = new AbortController();
    let last = 0;
    const cancelled = engine.run(
      asked({ seconds: 10, fps: 30 }),
      ({ step, steps }) => {
        last = step;
        if (step === steps - 295) controller.abort();
      },
      controller.signal,
    );
    await expect(cancelled).rejects.toBeInstanceOf(EngineCancelled);
    expect(last).toBeLessThan(200);
    expect((await film({ seconds: 0.5, fps: 4, steps: 1 })).mediaType).toBe('video/mp4');
  }, 60_000);

  it.each([
    { seconds: 10.5 },
    { seconds: 0 },
    { fps: 31 },
    { fps: 12.5 },
    { width: 1288 },
    { width: 255 },
    { strength: 0.5 },
    { operation: 'generate' },
    { model: 'builtin/atelier' },
    { operation: 'generate', model: 'builtin/atelier' },
  ] as const)('refuses %j', async (over) => {
    await expect(film(over)).rejects.toMatchObject({ code: 'engine.request_invalid' });
  });

  it('refuses an image that cannot be read', async () => {
    const image = Buffer.from('no picture');
    await expect(film({ image })).rejects.toMatchObject({ code: 'engine.image_unreadable' });
  });
});
