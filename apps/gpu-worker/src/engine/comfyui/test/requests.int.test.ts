import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ComfyuiServer } from '@safelight/testing';
import type { EngineRequest } from '../../engine.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, picture, ran } from './asking.js';
import { exampleFolders, exampleModels, exampleWorkflows } from './example-files.js';
import { Submitted } from './submitted.js';

let server: ComfyuiServer;
let engine: ComfyuiEngine;
let lake: Buffer;

const files = { modelsFile: exampleModels, workflowsFolder: exampleWorkflows };
beforeAll(async () => {
  lake = await picture(64, 64);
  server = await ComfyuiServer.start({ models: exampleFolders() });
  engine = new ComfyuiEngine({ url: server.url, ...files });
  await engine.load('sdxl/base');
});
afterAll(async () => {
  await engine.close();
  await server.close();
});
afterEach(() => {
  server.onStep = undefined;
  server.submitted.splice(0);
});

const last = (): Submitted => {
  const prompt = server.submitted.at(-1);
  if (!prompt) throw new Error('nothing was submitted');
  return new Submitted(prompt);
};

const unit = { model: 'union-sdxl', strength: 1, start: 0, end: 1 };
const refused: readonly (readonly [string, string, () => Partial<EngineRequest>])[] = [
  ['a sampler that the core does not have', 'request_invalid', () => ({ sampler: 'PLMS' })],
  ['an unknown model', 'model_unknown', () => ({ model: 'sdxl/other' })],
  ['an operation that the model does not do', 'request_invalid', () => ({ operation: 'video' })],
  ['a face swap', 'request_invalid', () => ({ operation: 'face-swap', face: lake, image: lake })],
  ['a LoRA that is not here', 'model_missing', () => ({ loras: [{ model: 'x', strength: 1 }] })],
  [
    'a LoRA of another family',
    'request_invalid',
    () => ({ loras: [{ model: 'flux-film', strength: 1 }] }),
  ],
  ['an embedding that is not here', 'model_missing', () => ({ embeddings: ['x'] })],
  ['a VAE that is not here', 'model_missing', () => ({ vae: 'x' })],
  [
    'an image prompt by IP-Adapter',
    'model_missing',
    () => ({ references: [{ model: 'ip-adapter', strength: 1, image: lake }] }),
  ],
  [
    'a preprocessor that is a custom node',
    'request_invalid',
    () => ({ controls: [{ ...unit, image: lake, preprocessor: 'openpose' }] }),
  ],
  ['clip_skip without CLIP', 'request_invalid', () => ({ model: 'flux/dev', clipSkip: 2 })],
  [
    'a negative prompt of a distilled model',
    'request_invalid',
    () => ({ model: 'flux/dev', negativePrompt: 'people' }),
  ],
  [
    'an automask',
    'request_invalid',
    () => ({ operation: 'edit', image: lake, automask: 'subject' }),
  ],
  ['a strength without an image', 'request_invalid', () => ({ strength: 0.5 })],
  ['a size that no node takes', 'request_invalid', () => ({ width: 20_000 })],
  ['a broken image', 'image_unreadable', () => ({ image: Buffer.from('GIF89a'), strength: 0.5 })],
  [
    'a prompt for a video of nothing',
    'request_invalid',
    () => ({ operation: 'video', model: 'wan/image-to-video', seconds: 1 }),
  ],
  ['a video that is too long', 'request_invalid', () => ({ ...clip(), seconds: 60 })],
  [
    'a field that a workflow has no place for',
    'request_invalid',
    () => ({ model: 'studio/two-pass', image: lake, strength: 0.5 }),
  ],
  [
    'LoRAs of a workflow',
    'request_invalid',
    () => ({ model: 'studio/two-pass', loras: [{ model: 'film-grain', strength: 1 }] }),
  ],
];

const clip = (): Partial<EngineRequest> => ({
  ...{ operation: 'video', model: 'wan/image-to-video', image: lake },
  ...{ seconds: 1, fps: 8, steps: 5 },
});

describe('what cannot be done', () => {
  it.each(refused)('%s: engine.%s, before anything is submitted', async (_, code, part) => {
    await expect(ran(engine, asking(part()))).rejects.toMatchObject({ code: `engine.${code}` });
    expect(server.submitted).toEqual([]);
  });
});

describe('videos', () => {
  it('Wan: an image, a pair of models that share the steps, an MP4 of the length asked for', async () => {
    const { output, progress } = await ran(engine, asking({ ...clip(), width: 72, height: 64 }));
    expect(output).toMatchObject({ mediaType: 'video/mp4', width: 72, height: 64 });
    expect(progress.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    const graph = last();
    const [high, low] = graph.all('KSamplerAdvanced');
    expect(high?.inputs).toMatchObject({
      ...{ start_at_step: 0, end_at_step: 3, add_noise: 'enable', noise_seed: 41 },
      return_with_leftover_noise: 'enable',
    });
    expect(low?.inputs).toMatchObject({ start_at_step: 3, add_noise: 'disable' });
    expect(high && graph.path(high, 'model', 'model')).toEqual(['ModelSamplingSD3', 'UNETLoader']);
    expect(low && graph.behind(low, 'latent_image').node).toBe(high);
    expect(graph.one('WanImageToVideo').inputs).toMatchObject({ width: 80, height: 64, length: 9 });
    expect(graph.one('ImageFromBatch').inputs['length']).toBe(8);
    expect(graph.one('CreateVideo').inputs['fps']).toBe(8);
    expect(graph.one('SaveVideo').inputs).toMatchObject({ format: 'mp4', codec: 'h264' });
    const bytes = Buffer.from(output.bytes);
    expect(bytes.toString('latin1')).toContain('digitalsourcetype/compositeWithTrained');
    expect(bytes.toString('latin1')).not.toContain('WanImageToVideo');
  });

  it('LTX: words alone, its own scheduler and frame rate', async () => {
    const part = { operation: 'video', model: 'ltx/video', seconds: 1, fps: 8 } as const;
    const { output, progress } = await ran(engine, asking({ ...part, width: 64, height: 64 }));
    expect(output).toMatchObject({ mediaType: 'video/mp4', width: 64, height: 64 });
    expect(progress.length).toBe(3);
    const graph = last();
    expect(graph.one('LTXVConditioning').inputs['frame_rate']).toBe(8);
    expect(graph.one('LTXVScheduler').inputs['steps']).toBe(3);
    expect(graph.one('SamplerCustom').inputs).toMatchObject({ noise_seed: 41, cfg: 6 });
    expect(graph.one('EmptyLTXVLatentVideo').inputs).toMatchObject({ length: 9 });
  });

  it('LTX: from an image', async () => {
    const part = {
      operation: 'video',
      model: 'ltx/video',
      seconds: 1,
      fps: 8,
      image: lake,
    } as const;
    await ran(engine, asking({ ...part, width: 64, height: 64 }));
    const way = last().path(last().one('SamplerCustom'), 'latent_image', 'image');
    expect(way).toEqual(['LTXVImgToVideo', 'LoadImage']);
  });
});
