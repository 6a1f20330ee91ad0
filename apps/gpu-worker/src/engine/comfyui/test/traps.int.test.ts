import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComfyuiServer, eventually } from '@safelight/testing';
import type { EngineProgress } from '../../engine.js';
import { ComfyuiEngine } from '../comfyui.engine.js';
import { asking, ran } from './asking.js';
import { exampleFolders, exampleModels, exampleWorkflows } from './example-files.js';
import { Gate } from './gate.js';

let server: ComfyuiServer;
let engine: ComfyuiEngine;

const start = async (options = {}, silenceMs = 60_000): Promise<void> => {
  server = await ComfyuiServer.start({ models: exampleFolders(), ...options });
  const files = { modelsFile: exampleModels, workflowsFolder: exampleWorkflows };
  engine = new ComfyuiEngine({ url: server.url, ...files, silenceMs });
  expect(await engine.health()).toMatchObject({ ok: true });
};
beforeEach(() => start());
afterEach(async () => {
  await engine.close();
  await server.close();
});
/** For a trap that needs another server, or another patience. */
const startAnew = async (options = {}, silenceMs?: number): Promise<void> => {
  await engine.close();
  await server.close();
  await start(options, silenceMs);
};

const api = async (path: string, body?: unknown): Promise<unknown> => {
  const init = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/${path}`, body === undefined ? {} : init);
  return response.headers.get('content-type')?.startsWith('application/json') === true
    ? response.json()
    : response.text();
};

const saves = () => server.files.names.filter((name) => name.startsWith('output/'));

describe("ComfyUI's nine traps", () => {
  it('1: success is told before the history is written; only the end of execution counts', async () => {
    await ran(engine, asking({ seed: 1 }));
    const gate = new Gate();
    server.beforeHistory = () => gate.passed();
    const running = ran(engine, asking());
    await gate.reached();
    server.requests.splice(0);
    // Success has been told, nothing is written: an adapter that believes it looks and finds nothing.
    const id = server.submitted[1]?.promptId ?? '';
    for (let turn = 0; turn < 5; turn += 1) expect(await api(`history/${id}`)).toEqual({});
    const looks = () => server.requests.filter((one) => one === `GET /history/${id}`).length;
    expect(looks()).toBe(5);
    gate.open();
    expect((await running).output.width).toBe(64);
    expect(looks()).toBe(6);
  });

  it('2: an answer of 200 that dropped an output is a failure, and what still runs is cancelled', async () => {
    const gate = new Gate();
    server.onStep = () => gate.passed();
    const accepted = server.submit.bind(server);
    // Another output beside ours, which asks for a file that is gone.
    server.submit = (body) => {
      const graph = body['prompt'] as Record<string, unknown>;
      const lost = { class_type: 'LoadImage', inputs: { image: 'gone.png' } };
      const save = { class_type: 'SaveImage', inputs: { images: ['x1', 0], filename_prefix: 'x' } };
      return accepted({ ...body, prompt: { ...graph, x1: lost, x2: save } });
    };
    const failing = expect(ran(engine, asking())).rejects.toMatchObject({
      ...{
        code: 'engine.graph_invalid',
        message: expect.stringContaining('custom_validation_failed'),
      },
    });
    await eventually(() => server.requests.some((one) => one.endsWith('/queue')));
    gate.open();
    await failing;
    await eventually(() => server.queue.remaining === 0);
    expect(saves()).toEqual([]);
  });

  it('3: an identical graph gives the same files again, so every attempt saves under its own name', async () => {
    const [first, second] = [await ran(engine, asking()), await ran(engine, asking())];
    expect(saves().length).toBe(2);
    expect(Buffer.from(first.output.bytes)).toEqual(Buffer.from(second.output.bytes));
    // The sampler was not run again, and its steps count all the same.
    expect(second.progress).toEqual(first.progress);
    const graph = server.submitted[1]?.graph;
    for (const id of [randomUUID(), randomUUID()]) {
      await api('prompt', { prompt: graph, prompt_id: id });
      await eventually(() => server.queue.history(id)[id] !== undefined);
    }
    // Without a name of its own nothing new is saved.
    expect(saves().length).toBe(2);
  });

  it("4: others' progress comes to every socket where they named no client", async () => {
    await ran(engine, asking());
    const graph = structuredClone(server.submitted[0]?.graph) as Record<
      string,
      { class_type: string; inputs: Record<string, unknown> }
    >;
    for (const node of Object.values(graph)) {
      if (node.class_type === 'KSampler') node.inputs['seed'] = 5;
    }
    const gate = new Gate();
    const mine = new Gate();
    const foreign = randomUUID();
    server.onStep = ({ promptId }) => (promptId === foreign ? undefined : mine.passed());
    server.beforeHistory = () => gate.passed();
    await api('prompt', { prompt: graph, prompt_id: foreign });
    await gate.reached();
    const progress: EngineProgress[] = [];
    const signal = new AbortController().signal;
    const running = engine.run(asking({ seed: 6 }), (one) => progress.push(one), signal);
    await eventually(() => server.submitted.length === 3);
    gate.open();
    await mine.reached();
    expect(progress).toEqual([]);
    expect(server.submitted[2]?.clientId).toBe(server.sockets.clientIds[0]);
    mine.open();
    await running;
    expect(progress.map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('5: a socket that the server has forgotten hears nothing: the history is asked, and it comes back', async () => {
    await startAnew({}, 40);
    const gate = new Gate();
    server.onStep = ({ step }) => (step === 2 ? gate.passed() : undefined);
    const running = ran(engine, asking());
    await gate.reached();
    const reap = server.sockets.cut();
    await eventually(() => server.sockets.opened === 2);
    // The old one is noticed to be gone, and takes the new one's place in the list with it.
    reap();
    expect(server.sockets.clientIds).toEqual([]);
    await eventually(() => server.sockets.clientIds.length === 1);
    gate.open();
    const { progress } = await running;
    expect(progress.map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('5: with no socket at all the run still ends', async () => {
    await startAnew({}, 40);
    server.onStep = () => server.sockets.closeAll();
    const { progress, output } = await ran(engine, asking());
    expect(progress.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(output.width).toBe(64);
  });

  it('6: a restart forgets queue and history; the run is lost, and may be tried again', async () => {
    await ran(engine, asking());
    expect(engine.capabilities.warm).toEqual(['sdxl/base']);
    const gate = new Gate();
    server.onStep = () => gate.passed();
    const failing = expect(ran(engine, asking({ seed: 9 }))).rejects.toMatchObject({
      code: 'engine.prompt_lost',
    });
    await gate.reached();
    const asked = () => server.requests.filter((one) => one.endsWith('/object_info')).length;
    expect(asked()).toBe(1);
    server.restart();
    await failing;
    gate.open();
    server.onStep = undefined;
    expect(engine.capabilities).toMatchObject({ models: [], warm: [] });
    expect((await ran(engine, asking({ seed: 9 }))).output.seed).toBe(9);
    expect(asked()).toBe(2);
  });

  it('7: prompt ids are canonical UUIDs; a server that takes any takes them too', async () => {
    const refused = await api('prompt', { prompt: {}, prompt_id: randomUUID().toUpperCase() });
    expect(refused).toMatchObject({ error: { type: 'invalid_prompt_id' } });
    await ran(engine, asking());
    await startAnew({ strictIds: false });
    await ran(engine, asking());
    expect(server.submitted[0]?.promptId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('8: the order inside a graph is the server’s; steps are counted over all samplers', async () => {
    const orders: string[][] = [];
    for (const pick of [
      (ready: readonly string[]) => ready[0],
      (r: readonly string[]) => r.at(-1),
    ]) {
      const order: string[] = [];
      server.pick = (ready) => {
        const next = pick(ready);
        if (next !== undefined) order.push(next);
        return next;
      };
      // What is refused uses up a number as well: nothing may follow from it.
      await api('prompt', { prompt: {} });
      const request = asking({ model: 'studio/two-pass', seed: orders.length, steps: 4 });
      const { progress, output } = await ran(engine, request);
      expect(progress).toEqual(
        Array.from({ length: 14 }, (_, at) => ({ step: at + 1, steps: 14 })),
      );
      expect(output.width).toBe(96);
      orders.push(order);
    }
    expect(orders[0]).not.toEqual(orders[1]);
    expect(server.submitted.map(({ number }) => number)).toEqual([1, 3]);
  });

  it('9: when memory was full everything is unloaded: retryable, and nothing is warm', async () => {
    await ran(engine, asking());
    expect(engine.capabilities.warm).toEqual(['sdxl/base']);
    const exceptionType = 'torch.OutOfMemoryError';
    const message = 'Allocation on device 0 would exceed /srv/secret';
    server.breakages.push({ classType: 'KSampler', exceptionType, message });
    const failing = ran(engine, asking({ seed: 2 }));
    await expect(failing).rejects.toMatchObject({
      ...{ code: 'engine.out_of_memory', message: "The GPU's memory was full in KSampler." },
    });
    expect(engine.capabilities.warm).toEqual([]);
    expect(engine.capabilities.models.length).toBeGreaterThan(0);
    expect((await ran(engine, asking({ seed: 2 }))).output.seed).toBe(2);
  });
});
