import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ComfyuiServer, eventually } from '@safelight/testing';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, picture, ran } from './asking.js';
import { exampleFolders, exampleModels, exampleWorkflows } from './example-files.js';
import { Gate } from './gate.js';

let folders: Record<string, string[]>;
let server: ComfyuiServer;
let engine: ComfyuiEngine;
let lake: Buffer;
let told: (readonly string[])[];

beforeAll(async () => {
  lake = await picture(64, 64);
});
beforeEach(async () => {
  folders = exampleFolders();
  server = await ComfyuiServer.start({ models: folders });
  const files = { modelsFile: exampleModels, workflowsFolder: exampleWorkflows };
  told = [];
  const onLacking = (lacking: readonly string[]) => void told.push(lacking);
  engine = new ComfyuiEngine({ url: server.url, ...files, awayMs: 300, onLacking });
});
afterEach(async () => {
  await engine.close();
  await server.close();
});
const offered = () => engine.capabilities.models.map(({ name }) => name);

describe('a ComfyUI that lacks something', () => {
  it('offers nothing while it is away, and everything once it answers', async () => {
    server.unavailable = true;
    expect(offered()).toEqual([]);
    expect((await engine.health()).ok).toBe(false);
    server.unavailable = false;
    expect((await engine.health()).ok).toBe(true);
    expect(offered().length).toBeGreaterThan(0);
  });

  it('does not offer what it has no files or nodes for, and says why', async () => {
    folders['checkpoints'] = [];
    server.missingNodes.add('LatentUpscaleBy');
    await expect(engine.load('sdxl/base')).rejects.toMatchObject({ code: 'engine.model_missing' });
    await engine.load('flux/dev');
    expect(offered()).toEqual([
      'sd3/medium',
      'flux/dev',
      'upscale/ultrasharp',
      'wan/image-to-video',
    ]);
    const { detail } = await engine.health();
    expect(detail).toContain('sdxl/base: no file sd_xl_base_1.0.safetensors');
    expect(detail).toContain('studio/two-pass: no node LatentUpscaleBy');
    await engine.health();
    expect(told.length).toBe(1);
    expect(told[0]).toContain('studio/two-pass: no node LatentUpscaleBy');
  });

  it('stops offering a model whose file went away behind its back', async () => {
    const model = 'upscale/ultrasharp';
    await engine.load(model);
    folders['upscale_models'] = [];
    const failing = ran(engine, asking({ operation: 'upscale', model, image: lake, scale: 4 }));
    await expect(failing).rejects.toMatchObject({ code: 'engine.model_missing' });
    expect(offered()).toEqual([]);
    expect(await engine.health()).toMatchObject({ ok: true });
    expect(offered().length).toBeGreaterThan(0);
    expect(offered()).not.toContain(model);
  });

  it('fails a run when it is gone for good', async () => {
    const dying = await ComfyuiServer.start({ models: folders });
    const beside = new ComfyuiEngine({ url: dying.url, modelsFile: exampleModels, awayMs: 300 });
    const gate = new Gate();
    dying.onStep = () => gate.passed();
    const failing = expect(ran(beside, asking())).rejects.toMatchObject({
      code: 'engine.lost',
    });
    await gate.reached();
    const closing = dying.close();
    gate.open();
    await closing;
    await failing;
    await beside.close();
  });

  it('ends its runs when the engine closes', async () => {
    const gate = new Gate();
    server.onStep = () => gate.passed();
    const ending = expect(ran(engine, asking())).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    await gate.reached();
    await engine.close();
    await ending;
    gate.open();
    await eventually(() => server.queue.remaining === 0);
    await expect(ran(engine, asking())).rejects.toMatchObject({ code: 'engine.closed' });
  });
});
