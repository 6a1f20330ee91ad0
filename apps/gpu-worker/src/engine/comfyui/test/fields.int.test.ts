import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ComfyuiServer } from '@safelight/testing';
import sharp from 'sharp';
import type { EngineRequest } from '../../engine.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, framedMask, picture, ran } from './asking.js';
import { exampleFolders, exampleModels, exampleWorkflows } from './example-files.js';
import { rows } from './field-rows.js';
import { Submitted } from './submitted.js';

let server: ComfyuiServer;
let engine: ComfyuiEngine;

beforeAll(async () => {
  server = await ComfyuiServer.start({ models: exampleFolders() });
  const files = { modelsFile: exampleModels, workflowsFolder: exampleWorkflows };
  engine = new ComfyuiEngine({ url: server.url, ...files });
});
afterAll(async () => {
  await engine.close();
  await server.close();
});
afterEach(() => void server.submitted.splice(0));

async function submittedFor(part: Partial<EngineRequest>): Promise<Submitted> {
  await ran(engine, asking(part));
  const [prompt] = server.submitted;
  if (!prompt) throw new Error('nothing was submitted');
  return new Submitted(prompt);
}

describe('every field of /generate in the submitted graph', () => {
  it.each(rows)('%s', async (_, part, look) => {
    look(await submittedFor(part({ lake: await picture(96, 64) })));
  });

  it('n: one prompt for each image, each with its seed', async () => {
    for (const seed of [7, 8]) await ran(engine, asking({ seed }));
    const seeds = server.submitted.map((one) => new Submitted(one).one('KSampler').inputs['seed']);
    expect(seeds).toEqual([7, 8]);
  });

  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
  ] as const)(
    'output.format %s, of the size asked for, marked, without the graph',
    async (format, type) => {
      const { output } = await ran(engine, asking({ format, width: 80, height: 64 }));
      expect(output).toMatchObject({ mediaType: type, width: 80, height: 64, seed: 41 });
      expect((await sharp(output.bytes).metadata()).width).toBe(80);
      const text = Buffer.from(output.bytes).toString('latin1');
      expect(text).toContain('digitalsourcetype/trainedAlgorithmicMedia');
      expect(text).not.toContain('KSampler');
    },
  );

  it('edit: a mask on the latent, and what lies outside untouched', async () => {
    const [image, mask] = [await picture(100, 60), await framedMask(100, 60)];
    const graph = await submittedFor({ operation: 'edit', image, mask, strength: 0.9 });
    const sampler = graph.one('KSampler');
    expect(sampler.inputs['denoise']).toBe(0.9);
    expect(graph.path(sampler, 'latent_image', 'mask')).toEqual([
      'SetLatentNoiseMask',
      'LoadImageMask',
    ]);
    expect(graph.one('LoadImageMask').inputs['channel']).toBe('red');
    const { output } = await ran(engine, asking({ operation: 'edit', image, mask, strength: 0.9 }));
    expect(output).toMatchObject({ width: 100, height: 60 });
    const [before, after] = await Promise.all(
      [image, output.bytes].map((one) => sharp(one).removeAlpha().raw().toBuffer()),
    );
    const at = (pixels: Buffer | undefined, x: number, y: number) =>
      pixels?.subarray((y * 100 + x) * 3, (y * 100 + x) * 3 + 3);
    expect(at(after, 3, 3)).toEqual(at(before, 3, 3));
    expect(at(after, 50, 30)).not.toEqual(at(before, 50, 30));
    const text = Buffer.from(output.bytes).toString('latin1');
    expect(text).toContain('digitalsourcetype/compositeWithTrainedAlgorithmicMedia');
  });

  it('edit by a checkpoint that was trained for it', async () => {
    const [image, mask] = [await picture(64, 64), await framedMask(64, 64)];
    const graph = await submittedFor({ operation: 'edit', model: 'sd15/inpaint', image, mask });
    expect(graph.one('InpaintModelConditioning').inputs['noise_mask']).toBe(true);
    expect(graph.behind(graph.one('KSampler'), 'latent_image').output).toBe(2);
    expect(graph.one('KSampler').inputs['denoise']).toBe(1);
  });

  it.each([2, 4] as const)('upscale: by a model, exactly %d times', async (scale) => {
    const image = await picture(30, 20);
    const request = asking({ operation: 'upscale', model: 'upscale/ultrasharp', image, scale });
    const { output, progress } = await ran(engine, request);
    expect(output).toMatchObject({ width: 30 * scale, height: 20 * scale });
    expect(progress).toEqual([{ step: 1, steps: 1 }]);
    const [prompt] = server.submitted;
    const graph = prompt && new Submitted(prompt);
    expect(graph?.one('UpscaleModelLoader').inputs).toEqual({ model_name: '4x-UltraSharp.pth' });
    expect(graph?.all('ImageScale').length).toBe(scale === 4 ? 0 : 1);
  });
});
