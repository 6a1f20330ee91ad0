import { describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import sharp from 'sharp';
import { scene } from '../test/scene.js';
import { artifactsOf, ModelFileRefused } from './model-files.js';
import { models } from './models.js';
import { isMosaic } from './mosaic.js';
import { inPlainSight } from './plain-sight.js';
import { PictureModels, PicturesUnseen } from './picture-models.js';
import { viewsOf } from './pixels.js';
import { signalsOf, type Seen } from './signals.js';

const silent = { info: () => undefined, error: () => undefined } as never;
const script = (code: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';${code}`)}`,
  );
const proven = `parentPort.postMessage({ type: 'proven', loadedMs: 1, provenMs: 1 });`;
const nobody = `{ person: 'none', faces: [], bodies: [], lowAge: false, mosaic: false,
  nudity: { explicit: 0, suggestive: 0 }, mostNude: { explicit: 0, suggestive: 0 } }`;
const answering = `parentPort.on('message', ({ id }) =>
  parentPort.postMessage({ type: 'seen', id, signals: ${nobody} }));`;
const looking = (code: string, ms = 30_000, waiting = 8) =>
  new PictureModels(silent, { ms, waiting }, script(code));
const picture = new Uint8Array([1, 2, 3]);
const statusOf = (one: PictureModels) => one.status().image_models.status;

describe('the image models', () => {
  it('are not loaded before a picture comes, and say so', async () => {
    const looks = looking(proven + answering);
    expect(statusOf(looks)).toBe('not loaded: no picture has come yet');
    expect(await looks.look(picture, 'input')).toMatchObject({ person: 'none', mosaic: false });
    expect(statusOf(looks)).toBe('proven by known answers');
    expect(() => looks.requireSound()).not.toThrow();
    await looks.close();
  });

  it.each([
    ['do not give the known answers', `throw new Error('no known answer');`],
    ['fail while they look', `${proven}parentPort.on('message', () => { throw new Error('x'); });`],
    ['end', `${proven}parentPort.on('message', () => process.exit(0));`],
  ])('find nothing where they %s: there is no answer, and health says it', async (_what, code) => {
    const looks = looking(code);
    await expect(looks.look(picture, 'input')).rejects.toThrow(PicturesUnseen);
    expect(statusOf(looks)).toBe('indeterminate');
    expect(() => looks.requireSound()).toThrow(PicturesUnseen);
    // Nobody tries again at once.
    await expect(looks.look(picture, 'input')).rejects.toThrow(PicturesUnseen);
    await looks.close();
  });

  it('that hang are ended, and whoever waits has no answer', async () => {
    const looks = looking(`${proven}parentPort.on('message', () => { for (;;); });`, 300);
    await expect(looks.look(picture, 'input')).rejects.toThrow('no answer within');
    await eventually(() => statusOf(looks) === 'indeterminate');
    await looks.close();
  });

  it('take so many pictures at a time and no more', async () => {
    const looks = looking(proven, 30_000, 2);
    const waiting = [1, 2].map(() => looks.look(picture, 'input'));
    const ended = Promise.allSettled(waiting);
    await expect(looks.look(picture, 'input')).rejects.toThrow('too many wait');
    await looks.close();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are read from files of the pinned bytes alone', async () => {
    const { files } = models.faces;
    const [name = ''] = Object.keys(files);
    const other = { ...models.faces, files: { ...files, [name]: '0'.repeat(64) } };
    await expect(artifactsOf(other)).rejects.toThrow(ModelFileRefused);
    expect((await artifactsOf(models.faces)).weightSpecs?.length).toBeGreaterThan(10);
  });
});

describe('a mosaic', () => {
  const enlarged = { fit: 'fill', kernel: 'nearest' } as const;
  const seen = async (bytes: Buffer) => {
    const views = await viewsOf(bytes);
    return isMosaic(await views[0]!.plain());
  };
  const hidden = async (blocks: number, side = 384) => {
    const small = await scene(4).resize(blocks, blocks, { fit: 'fill' }).png().toBuffer();
    return sharp(small).resize(side, side, enlarged);
  };

  it.each([8, 16, 32])('of %i blocks a side is seen, also after JPEG', async (blocks) => {
    expect(await seen(await (await hidden(blocks)).png().toBuffer())).toBe(true);
    expect(await seen(await (await hidden(blocks)).jpeg({ quality: 60 }).toBuffer())).toBe(true);
  });

  it('of fine blocks is seen where they are whole', async () => {
    expect(await seen(await (await hidden(64)).png().toBuffer())).toBe(true);
  });

  it('is seen where it hides a part of the picture', async () => {
    const part = await (await hidden(16, 240)).png().toBuffer();
    const whole = scene(5)
      .resize(800, 800)
      .composite([{ input: part, left: 300, top: 210 }]);
    expect(await seen(await whole.png().toBuffer())).toBe(true);
  });

  it.each([1, 2])('is not what is merely smooth, plain or small: %i', async (seed) => {
    const plain = { width: 64, height: 64, channels: 3 as const };
    const whole = scene(seed).resize(400, 300);
    expect(await seen(await whole.jpeg({ quality: 50 }).toBuffer())).toBe(false);
    expect(await seen(await scene(seed).png().toBuffer())).toBe(false);
    const flat = await viewsOf(
      await sharp({ create: { ...plain, background: '#345' } })
        .png()
        .toBuffer(),
    );
    expect(await inPlainSight(flat, 'input')).toMatchObject({ person: 'none', mosaic: false });
    const busy = await viewsOf(await scene(seed).png().toBuffer());
    expect(await inPlainSight(busy, 'output')).toBeUndefined();
  });
});

describe('what is seen', () => {
  const seen: Seen = {
    faces: [],
    persons: [],
    joints: [],
    mosaic: false,
    readings: [
      { drawing: 0, explicitDrawing: 0.2, neutral: 0.4, explicit: 0.3, suggestive: 0.1 },
      { drawing: 0.2, explicitDrawing: 0, neutral: 0, explicit: 0, suggestive: 0.8 },
    ],
  };
  const box = { x: 0, y: 0, width: 0.1, height: 0.1 };

  it('is the worst of all views', () => {
    const face = { ...box, score: 0.9, mesh: 1, age: 15 };
    const both = signalsOf([seen, { ...seen, faces: [face], mosaic: true }]);
    expect(both).toMatchObject({ person: 'certain', lowAge: true, mosaic: true });
    expect(both.nudity).toEqual({ explicit: 0.5, suggestive: 0.1 });
    expect(both.mostNude).toEqual({ explicit: 0.5, suggestive: 0.8 });
    expect(() => signalsOf([])).toThrow('nobody looked');
  });

  it('is somebody, maybe, where anything points to a person', () => {
    const of = (more: Partial<Seen>) => signalsOf([{ ...seen, ...more }]).person;
    expect(of({})).toBe('none');
    expect(of({ faces: [{ ...box, score: 0.3, mesh: 0, age: null }] })).toBe('possible');
    expect(of({ persons: [{ ...box, score: 0.2 }] })).toBe('possible');
    expect(of({ joints: [0.4, 0.4, 0.4, 0.4, 0.4] })).toBe('possible');
    expect(of({ persons: [{ ...box, score: 0.5 }] })).toBe('certain');
  });
});
