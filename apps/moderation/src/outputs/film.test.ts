import { describe, expect, it } from '@jest/globals';
import { xmpBox } from '@safelight/film';
import { testFilm } from '@safelight/testing';
import sharp from 'sharp';
import { inspect, type OutputClassifier } from './inspection.js';
import { stillsOf } from './stills.js';

/** Refuses what is red. */
const redIsUnsafe: OutputClassifier = {
  name: 'red/1',
  look: async (still) => {
    const { channels } = await sharp(still).stats();
    return { unsafe: channels[0]!.mean > 150 && channels[1]!.mean < 100, category: 'red' };
  },
};
const look = (bytes: Buffer, classifiers: readonly OutputClassifier[] = []) =>
  inspect(bytes, { ...drawn, classifiers, hashing: false });
/** Drawn by rule from words alone: nobody has to look into it. */
const drawn = { level: 0, fromPicture: false, models: null, lookMs: 60_000 };
const film = { mediaType: 'video/mp4', width: 64, height: 48 };

/** Where the content of the box of that type begins, wherever it lies. */
const inside = (mp4: Buffer, type: string): number => mp4.indexOf(type, 0, 'latin1') + 4;

describe('a film', () => {
  it('is what it is, and carries its mark in its place', async () => {
    const { image, marked, unsafe } = await look(await testFilm());
    expect(image).toMatchObject({ ...film, seconds: expect.closeTo(1, 3) });
    expect([marked, unsafe]).toEqual([true, undefined]);
  });

  it('has no mark where the words merely stand somewhere in the file', async () => {
    const bare = await testFilm({ xmp: null });
    const words = Buffer.from('http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia');
    const free = Buffer.concat([Buffer.alloc(4), Buffer.from('free'), words]);
    free.writeUInt32BE(free.length);
    expect(await look(Buffer.concat([bare, free]))).toMatchObject({ image: film, marked: false });
    expect(await look(bare)).toMatchObject({ image: film, marked: false });
    expect(await look(await testFilm({ xmp: 'a camera took it' }))).toMatchObject({
      marked: false,
    });
  });

  it('is looked at every half second, as far as its end', async () => {
    expect(await look(await testFilm(), [redIsUnsafe])).toMatchObject({ unsafe: undefined });
    const red = await testFilm({ colour: [220, 20, 20], frames: 30 });
    expect(await look(red, [redIsUnsafe])).toMatchObject({ unsafe: 'red' });
    const looked: Buffer[] = [];
    const counting: OutputClassifier = {
      name: 'counting/1',
      look: (still) => {
        looked.push(Buffer.from(still));
        return Promise.resolve({ unsafe: false, category: '' });
      },
    };
    await look(await testFilm({ frames: 36, width: 72, height: 56 }), [counting]);
    expect(looked).toHaveLength(7);
    expect(await sharp(looked[6]).metadata()).toMatchObject({ width: 72, height: 56 });
  });

  it('is looked at between its key frames, in their order, no further than a finding', async () => {
    const [blue, red] = [[60, 120, 160] as const, [220, 20, 20] as const];
    const turned = { frames: 48, groupOfPictures: 250 };
    let looks = 0;
    const counting = {
      ...redIsUnsafe,
      look: (still: Uint8Array) => (looks++, redIsUnsafe.look(still, 0)),
    };
    const shown = async (isRed: (frame: number) => boolean) => {
      looks = 0;
      const bytes = await testFilm({ ...turned, colour: (at) => (isRed(at) ? red : blue) });
      return (await look(bytes, [counting])).unsafe;
    };
    expect(await shown((frame) => frame >= 20 && frame < 28)).toBe('red');
    expect(looks).toBe(5);
    expect(await shown((frame) => frame === 47)).toBe('red');
    expect(await shown(() => false)).toBeUndefined();
    expect(looks).toBe(9);
  });

  it('is hashed at every still in all orientations, and only where that is asked for', async () => {
    const bytes = await testFilm({ frames: 36, width: 72, height: 56 });
    const looking = { ...drawn, classifiers: [] };
    expect((await inspect(bytes, { ...looking, hashing: true })).hashes).toHaveLength(7 * 8);
    expect((await inspect(bytes, { ...looking, hashing: false })).hashes).toEqual([]);
  });

  it('is decoded on a thread of its own, which may take so long', async () => {
    const long = await testFilm({ frames: 240, fps: 12, width: 320, height: 240 });
    await expect(stillsOf(long, { ms: 1, heapMb: 64 }).next()).rejects.toThrow('takes too long');
    const { eventLoopUtilization } = performance;
    const before = eventLoopUtilization();
    for await (const still of stillsOf(long)) expect(still.length).toBeGreaterThan(100);
    expect(eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it('waits while two others are decoded, whichever way those end', async () => {
    const films = [];
    for (let i = 0; i < 2; i++) {
      films.push(stillsOf(await testFilm()));
      await films[i]!.next();
    }
    let begun = false;
    const third = stillsOf(await testFilm());
    const waits = third.next().then(() => (begun = true));
    await films[0]!.next();
    expect(begun).toBe(false);
    await films[0]!.return(undefined);
    await waits;
    await Promise.all([films[1]!.return(undefined), third.return(undefined)]);
  });

  it('has no verdict where its frames cannot be decoded', async () => {
    const broken = await testFilm();
    const from = inside(broken, 'mdat') + 6;
    broken.fill(0x55, from, from + 40);
    await expect(look(broken, [redIsUnsafe])).rejects.toThrow();
  });
});

describe('what is no film of ours', () => {
  it.each<[string, (mp4: Buffer) => Buffer]>([
    ['is cut off', (mp4) => mp4.subarray(0, mp4.length - 9)],
    ['has lost its head', (mp4) => mp4.subarray(32)],
    ['has a rest that is no box', (mp4) => Buffer.concat([mp4, Buffer.from('rest')])],
    [
      'has a box that is larger than the file',
      (mp4) => overwritten(mp4, inside(mp4, 'mdat') - 8, 0x7fffffff),
    ],
    ['has a box without an end', (mp4) => overwritten(mp4, mp4.lastIndexOf('uuid') - 4, 0)],
    ['has a box that nobody knows', (mp4) => renamed(mp4, 'mdat', 'evil')],
    ['has two films in it', (mp4) => Buffer.concat([mp4, mp4])],
    ['has no index', (mp4) => renamed(mp4, 'moov', 'free')],
    ['has no track', (mp4) => renamed(mp4, 'trak', 'free')],
    ['is coded in another way', (mp4) => renamed(mp4, 'avc1', 'hvc1')],
    ['has frames outside of itself', (mp4) => overwritten(mp4, inside(mp4, 'stco') + 8, 0x7ffffff)],
    [
      'has more frames than it has room for',
      (mp4) => overwritten(mp4, inside(mp4, 'stsz') + 8, 0x0fffffff),
    ],
  ])('%s', async (_, spoil) => {
    const { image } = await look(spoil(await testFilm()));
    expect(image).toBeUndefined();
  });

  it('is a picture that calls itself a film, and a film that lasts for ever', async () => {
    const head = (await testFilm()).subarray(0, 24);
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect((await look(Buffer.concat([head, png, xmpBox('x')]))).image).toBeUndefined();
    const long = await testFilm({ frames: 61, fps: 1 });
    expect((await look(long)).image).toBeUndefined();
  });

  it('ends in a refusal whatever byte is changed, or is still the same film', async () => {
    const whole = await testFilm({ frames: 3, fps: 3 });
    const moov = inside(whole, 'moov');
    for (let at = moov; at < moov + 700 && at < whole.length; at += 11) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at]! + 0x51) & 255;
      const { image } = await look(changed);
      expect([undefined, 'video/mp4']).toContain(image?.mediaType);
    }
  });
});

function overwritten(mp4: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(mp4);
  changed.writeUInt32BE(value, at);
  return changed;
}

function renamed(mp4: Buffer, from: string, to: string): Buffer {
  const changed = Buffer.from(mp4);
  changed.write(to, changed.indexOf(from, 0, 'latin1'), 'latin1');
  return changed;
}
