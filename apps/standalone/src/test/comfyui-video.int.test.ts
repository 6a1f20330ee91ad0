import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { comfyuiEngine } from '@safelight/gpu-worker';
import { inspect } from '@safelight/moderation';
import { ComfyuiServer } from '@safelight/testing';

const workflowsFolder = fileURLToPath(
  new URL('../../../gpu-worker/workflows/weightless', import.meta.url),
);
const size = { width: 64, height: 48 };
let server: ComfyuiServer;
let engine: ReturnType<typeof comfyuiEngine>;

beforeAll(async () => {
  server = await ComfyuiServer.start();
  engine = comfyuiEngine({ url: server.url, workflowsFolder });
});
afterAll(async () => {
  await engine.close();
  await server.close();
});

describe('a video of a ComfyUI', () => {
  it('is for moderation what its worker says it is', async () => {
    await engine.health();
    const made = await engine.run(
      {
        ...{ operation: 'video', model: 'weightless/clip', prompt: '', negativePrompt: '' },
        ...{ ...size, seconds: 1.5, fps: 8, steps: 1, guidance: 1, seed: 1, format: 'png' },
      },
      () => undefined,
      new AbortController().signal,
    );
    const { image, marked } = await inspect(Buffer.from(made.bytes), {
      ...{ classifiers: [], level: 0, hashing: false, lookMs: 60_000 },
      ...{ models: null, fromPicture: false },
    });
    expect(marked).toBe(true);
    expect(image).toMatchObject({ mediaType: made.mediaType, ...size });
    expect(made.seconds).toBeCloseTo(1.5, 2);
    // As near as moderation asks for.
    expect(image?.seconds).toBeCloseTo(made.seconds ?? 0, 2);
    const { bytes } = made;
    expect(Buffer.from(bytes).includes('EmptyImage')).toBe(false);
  });
});
