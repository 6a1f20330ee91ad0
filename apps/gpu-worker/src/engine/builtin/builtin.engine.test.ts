import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { EngineCancelled, type EngineProgress, type EngineRequest } from '../engine.js';
import { ALGORITHMIC_MEDIA } from '../mark.js';
import { BuiltinEngine } from './builtin.engine.js';

const request = (over: Partial<EngineRequest> = {}): EngineRequest => ({
  operation: 'generate',
  model: 'builtin/atelier',
  prompt: 'a red fox in snow',
  negativePrompt: '',
  width: 320,
  height: 256,
  steps: 3,
  guidance: 7,
  seed: 7,
  format: 'png',
  ...over,
});

const never = new AbortController().signal;
const engine = new BuiltinEngine();
afterAll(() => engine.close());

const run = (over: Partial<EngineRequest> = {}) =>
  engine.run(request(over), () => undefined, never);

describe('the built-in engine', () => {
  it.each(['builtin/atelier', 'builtin/blank'])('names its models honestly: %s', (name) => {
    const model = engine.capabilities.models.find((candidate) => candidate.name === name);
    expect(model?.description).toMatch(/without any trained model|draws nothing/);
  });

  it.each(
    (['png', 'jpeg', 'webp'] as const).flatMap((format) =>
      ['builtin/atelier', 'builtin/blank'].map((model) => ({ format, model })),
    ),
  )('encodes $format of $model at the size asked, with the mark', async ({ format, model }) => {
    const image = await run({ format, model });
    const metadata = await sharp(image.bytes).metadata();
    expect(metadata).toMatchObject({ format, width: 320, height: 256 });
    expect(image).toMatchObject({ mediaType: `image/${format}`, width: 320, height: 256, seed: 7 });
    const text = Buffer.from(image.bytes).toString('latin1');
    // Whole files make poor failure messages, so only the verdict is compared.
    const marks = [ALGORITHMIC_MEDIA, `xmp:CreatorTool="Safelight ${model}"`];
    expect(marks.filter((mark) => !text.includes(mark))).toEqual([]);
    expect(metadata.xmpAsString).toContain(`Iptc4xmpExt:DigitalSourceType="${ALGORITHMIC_MEDIA}"`);
  });

  it('gives the same bytes for the same request', async () => {
    expect(Buffer.from((await run()).bytes).equals((await run()).bytes)).toBe(true);
  });

  it('reports every step once and in order', async () => {
    const seen: EngineProgress[] = [];
    await engine.run(request({ steps: 9 }), (progress) => seen.push(progress), never);
    expect(seen).toEqual(Array.from({ length: 9 }, (_, i) => ({ step: i + 1, steps: 9 })));
  });

  it('stops soon after it is cancelled, and paints on for the next', async () => {
    const controller = new AbortController();
    let passes = 0;
    const cancelled = engine.run(
      request({ width: 1024, height: 1024, steps: 2000 }),
      () => {
        if (++passes === 2) controller.abort();
      },
      controller.signal,
    );
    await expect(cancelled).rejects.toBeInstanceOf(EngineCancelled);
    expect(passes).toBeLessThan(200);
    expect((await run()).width).toBe(320);
  });

  it('refuses a run that was cancelled before it began', async () => {
    await expect(engine.run(request(), () => undefined, AbortSignal.abort())).rejects.toMatchObject(
      { code: 'engine.cancelled' },
    );
  });

  it('keeps runs beyond its slots waiting, and lets go of those cancelled meanwhile', async () => {
    const controller = new AbortController();
    const first = run({ seed: 1 });
    const second = engine.run(request({ seed: 2 }), () => undefined, controller.signal);
    const third = run({ seed: 3 });
    controller.abort();
    await expect(second).rejects.toBeInstanceOf(EngineCancelled);
    expect((await Promise.all([first, third])).map(({ seed }) => seed)).toEqual([1, 3]);
  });

  it('leaves the event loop free while it paints', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await run({ width: 768, height: 768, steps: 10 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  it('hands out the same blank bytes again', async () => {
    const blank = { model: 'builtin/blank', steps: 1 };
    expect((await run(blank)).bytes).toBe((await run({ ...blank, seed: 8 })).bytes);
  });

  it.each([
    [{ model: 'other/model' }, 'engine.model_unknown'],
    [{ width: 127 }, 'engine.request_invalid'],
    [{ height: 4096 }, 'engine.request_invalid'],
    [{ steps: 0 }, 'engine.request_invalid'],
    [{ seed: -1 }, 'engine.request_invalid'],
  ])('refuses %j', async (over, code) => {
    await expect(run(over)).rejects.toMatchObject({ code });
  });

  it('draws any size, of whatever multiple', async () => {
    const { width, height, bytes } = await run({ width: 129, height: 131 });
    expect([width, height]).toEqual([129, 131]);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 129, height: 131 });
  });

  it('cancels what is under way when it closes, and says so afterwards', async () => {
    const closing = new BuiltinEngine();
    const began = new Promise<void>((resolve) => {
      const painting = closing.run(request({ steps: 5000 }), () => resolve(), never);
      void expect(painting).rejects.toBeInstanceOf(EngineCancelled);
    });
    await began;
    await closing.close();
    expect((await closing.health()).ok).toBe(false);
    await expect(closing.run(request(), () => undefined, never)).rejects.toMatchObject({
      code: 'engine.closed',
    });
  });
});
