import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ImageIntake, ImageRefused, type ImageRun } from './index.js';
import type { HostileImage } from './test/hostile-image.js';
import { hostileJpegs } from './test/hostile-jpeg.js';
import { hostilePngs } from './test/hostile-png.js';
import { strangers } from './test/hostile-strangers.js';
import { hostileWebps } from './test/hostile-webp.js';
import { difference, drawn, photo, pixelsOf } from './test/pictures.js';

const runs: ImageRun[] = [];
let intake: ImageIntake;
beforeAll(async () => {
  const observe = (run: ImageRun) => runs.push(run);
  intake = await ImageIntake.start({ maxBytes: 10_000_000, maxWaiting: 1_000, observe });
});
afterAll(() => intake.close());

/** What became of an image: how it was refused, or that it was cleaned. */
async function outcomeOf({ bytes }: HostileImage): Promise<string> {
  try {
    const image = await intake.clean(bytes);
    return image.bytes.includes('CANARY') ? 'the canary came through' : 'cleaned';
  } catch (error) {
    return error instanceof ImageRefused ? error.code : String(error);
  }
}

describe('an intake offered files made to hurt', () => {
  it.each([
    ['of other kinds', strangers, 25],
    ['of PNG', hostilePngs, 45],
    ['of JPEG', hostileJpegs, 45],
    ['of WebP', hostileWebps, 40],
  ])('%s gives each the end it deserves', async (_, make, atLeast) => {
    const images = await make();
    expect(images.length).toBeGreaterThanOrEqual(atLeast);
    const ends = await Promise.all(images.map(outcomeOf));
    const seen = images.map(({ name }, index) => `${name}: ${ends[index]!}`);
    expect(seen).toEqual(images.map(({ name, expected }) => `${name}: ${expected}`));
  });

  it('spends at most 300 MB and two seconds on each', () => {
    expect(runs.length).toBeGreaterThan(60);
    expect(Math.max(...runs.map((run) => run.peakMemoryBytes))).toBeLessThanOrEqual(300_000_000);
    // A process is stopped at the first look after its time is up.
    expect(Math.max(...runs.map((run) => run.cpuMs))).toBeLessThanOrEqual(2_100);
  });

  it('still cleans a good picture after all of them', async () => {
    const original = photo(90, 60);
    const image = await intake.clean(await drawn(original).png().toBuffer());
    expect(difference(await pixelsOf(image.bytes), original)).toBe(0);
  });
});
