import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ComfyuiServer, eventually } from '@safelight/testing';
import type { EngineProgress } from '../../engine.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, ran } from './asking.js';
import { exampleFolders, exampleModels, exampleWorkflows } from './example-files.js';
import { Gate } from './gate.js';

let server: ComfyuiServer;
let engine: ComfyuiEngine;

const files = { modelsFile: exampleModels, workflowsFolder: exampleWorkflows };
beforeAll(async () => {
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

describe('a ComfyUI', () => {
  it('is offered with the models whose files it has, and what each can do', async () => {
    const { engine: name, models } = engine.capabilities;
    expect(name).toBe('comfyui');
    expect(models.map((one) => one.name)).toContain('studio/two-pass');
    const features = (of: string) => models.find((one) => one.name === of)?.features;
    const all = ['sampler', 'clip_skip', 'vae', 'loras', 'embeddings', 'controlnet'];
    expect(features('sdxl/base')).toEqual(all);
    expect(features('flux/dev')).toEqual(['sampler', 'loras', 'ip_adapters']);
    const parts = (of: string) => models.find((one) => one.name === of)?.parts;
    expect(parts('flux/dev')).toEqual(['flux-film', 'flux-redux']);
    const of = (name: string) => models.find((one) => one.name === name);
    expect(of('wan/image-to-video')).toMatchObject({ maxSeconds: 5, maxFps: 60 });
    expect(of('sdxl/base')?.maxSeconds).toBeUndefined();
    expect(of('sdxl/base')?.withoutNegative).toBe(false);
    expect(of('flux/dev')?.withoutNegative).toBe(true);
    expect(await engine.health()).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/0\.3\.64/),
    });
  });

  it('is asked for its nodes once, whatever is run', async () => {
    await ran(engine, asking({ seed: 1 }));
    await ran(engine, asking({ seed: 2 }));
    expect(server.requests.filter((one) => one.endsWith('/object_info')).length).toBe(1);
  });

  it('is left within a step when a run is cancelled, and what waits leaves the queue', async () => {
    const gate = new Gate();
    const steps: number[] = [];
    server.onStep = ({ step }) => {
      steps.push(step);
      return step === 2 ? gate.passed() : undefined;
    };
    const [first, second] = [new AbortController(), new AbortController()];
    const running = ran(engine, asking({ seed: 21, steps: 50 }), first.signal);
    await gate.reached();
    const waiting = ran(engine, asking({ seed: 22 }), second.signal);
    await eventually(() => server.queue.remaining === 2);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(server.queue.remaining).toBe(1);
    first.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    gate.open();
    await eventually(() => server.queue.remaining === 0);
    expect(steps).toEqual([1, 2]);
  });

  it("leaves another's run alone when it cancels its own", async () => {
    const gate = new Gate();
    server.onStep = ({ step }) => (step === 2 ? gate.passed() : undefined);
    const other = ran(engine, asking({ seed: 31 }));
    await gate.reached();
    const mine = new AbortController();
    const waiting = ran(engine, asking({ seed: 32 }), mine.signal);
    await eventually(() => server.queue.remaining === 2);
    mine.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'engine.cancelled' });
    gate.open();
    expect((await other).output.seed).toBe(31);
  });

  it('is not asked at all where a run is cancelled before it begins', async () => {
    const stopped = AbortSignal.abort();
    await expect(ran(engine, asking(), stopped)).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
    expect(server.submitted).toEqual([]);
  });

  it('fails with a code and without what an exception says', async () => {
    const message = "can't read /srv/models/secret";
    server.breakages.push({ classType: 'VAEDecode', exceptionType: 'RuntimeError', message });
    await expect(ran(engine, asking({ seed: 77 }))).rejects.toMatchObject({
      ...{ code: 'engine.execution_failed', message: 'ComfyUI failed in VAEDecode.' },
      cause: expect.stringContaining(message),
    });
  });

  it('runs several at once, each with its own progress', async () => {
    const tell = async (seed: number) =>
      (await ran(engine, asking({ seed, steps: seed }))).progress;
    const told: (readonly EngineProgress[])[] = await Promise.all([3, 5, 7].map(tell));
    expect(told.map((one) => one.map(({ step }) => step))).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 6, 7],
    ]);
  });
});
