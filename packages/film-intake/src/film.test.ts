import { describe, expect, it } from '@jest/globals';
import { testFilm } from '@safelight/testing';
import { FilmIntake } from './film-intake.js';
import { FilmRefused } from './film-refused.js';
import { openFilm } from './open-film.js';

const limits = { seconds: 2, side: 128, fps: 30 };
const intake = new FilmIntake({ ...limits, bytes: 100_000 });
const codeOf = (looking: Promise<unknown>): Promise<string> =>
  looking.then(
    () => 'taken',
    (error: unknown) => (error instanceof FilmRefused ? error.code : 'another fault'),
  );
const renamed = (mp4: Buffer, from: string, to: string): Buffer => {
  const changed = Buffer.from(mp4);
  changed.write(to, changed.indexOf(from, 0, 'latin1'), 'latin1');
  return changed;
};
/** Says that it is coded in another profile: H.264's High is 100. */
const otherProfile = (mp4: Buffer): Buffer => {
  const changed = Buffer.from(mp4);
  changed[changed.indexOf('avcC', 0, 'latin1') + 5] = 100;
  return changed;
};
const film = (more: Parameters<typeof testFilm>[0] = {}) => testFilm({ height: 64, ...more });

describe('a film from outside', () => {
  it('is what its bytes say', async () => {
    const facts = await intake.inspect(await film({ frames: 12, fps: 12 }));
    expect(facts).toMatchObject({ width: 64, height: 64, frames: 12, fps: 12 });
    expect(facts.seconds).toBeCloseTo(1, 3);
  });

  it('is decoded frame by frame, each with its time', async () => {
    const open = await openFilm(await film({ frames: 6, fps: 6, colour: [255, 255, 255] }), limits);
    const times: number[] = [];
    for await (const { frame, atSeconds } of open.frames()) {
      times.push(Math.round(atSeconds * 6));
      expect([frame.width, frame.height, frame.yuv[2_000]! > 220]).toEqual([64, 64, true]);
    }
    expect(times).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    ['a picture', async () => Buffer.from('89504e470d0a1a0a', 'hex'), 'film.not_supported'],
    ['nothing', async () => Buffer.alloc(0), 'film.not_supported'],
    ['cut off', async () => (await film()).subarray(0, 700), 'film.not_supported'],
    ['without an index', async () => renamed(await film(), 'moov', 'free'), 'film.not_supported'],
    ['of another coding', async () => renamed(await film(), 'avc1', 'hvc1'), 'film.not_supported'],
    ['of another profile', async () => otherProfile(await film()), 'film.not_supported'],
    ['of tiny pictures', () => film({ width: 32 }), 'film.not_supported'],
    ['of large pictures', () => film({ width: 160 }), 'film.too_large'],
    ['too long', () => film({ frames: 25, fps: 10 }), 'film.too_long'],
    [
      'of too many bytes',
      async () => Buffer.concat([await film(), Buffer.alloc(100_000)]),
      'film.too_large',
    ],
    [
      'whose first frame is noise',
      async () => {
        const noise = await film();
        const from = noise.indexOf('mdat', 0, 'latin1') + 4;
        return noise.fill(0x55, from + 6, from + 60);
      },
      'film.damaged',
    ],
  ])('is refused when it is %s', async (_, bytes, code) => {
    expect(await codeOf(intake.inspect(await bytes()))).toBe(code);
  });

  it('has too many frames for its length', async () => {
    const fast = openFilm(await film({ frames: 24, fps: 12 }), { ...limits, fps: 6 });
    expect(await codeOf(fast)).toBe('film.too_large');
  });

  it('ends in a refusal whatever byte of its index is changed, or is still a film', async () => {
    const whole = await film({ frames: 3, fps: 3 });
    const from = whole.indexOf('moov', 0, 'latin1');
    for (let at = from; at < Math.min(whole.length, from + 600); at += 3) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at]! + 0x51) & 255;
      expect(await codeOf(openFilm(changed, limits))).toMatch(/^(taken|film\.[a-z_]+)$/);
    }
  });
});

describe('the door for films', () => {
  it('gives up on what takes too long, and lets in only so many at once', async () => {
    const bytes = await film();
    const hasty = new FilmIntake({ ...limits, bytes: 100_000, timeoutMs: 1, threads: 1 });
    const first = codeOf(hasty.inspect(bytes));
    expect(await codeOf(hasty.inspect(bytes))).toBe('film.busy');
    expect(await first).toBe('film.timeout');
    expect(await codeOf(hasty.inspect(bytes))).toBe('film.timeout');
  });
});
