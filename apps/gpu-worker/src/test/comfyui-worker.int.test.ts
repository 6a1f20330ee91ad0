import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InputSecret, JobInput, JobSpec } from '@safelight/contracts';
import { FileObjectStore, SealedObjects } from '@safelight/object-store';
import type { RunningService } from '@safelight/telemetry';
import { ComfyuiServer, eventually, testNats } from '@safelight/testing';
import sharp from 'sharp';
import { picture } from '../engine/comfyui/test/asking.js';
import {
  exampleFolders,
  exampleModels,
  exampleWorkflows,
} from '../engine/comfyui/test/example-files.js';
import { Gate } from '../engine/comfyui/test/gate.js';
import { Submitted } from '../engine/comfyui/test/submitted.js';
import { workerService } from '../service.js';
import { spec, TinyDispatcher } from './tiny-dispatcher.js';

let nats: Awaited<ReturnType<typeof testNats>>;
let folder: string;
let dispatcher: TinyDispatcher;
let server: ComfyuiServer;
let worker: RunningService;

beforeAll(async () => {
  nats = await testNats();
  folder = await mkdtemp(join(tmpdir(), 'safelight-worker-'));
  dispatcher = await TinyDispatcher.start(nats.url);
  server = await ComfyuiServer.start({ models: exampleFolders() });
  worker = await workerService.start({
    ...{
      NATS_URL: nats.url,
      LOG_LEVEL: 'silent',
      OBJECT_STORE_DIR: folder,
      WORKER_DRAIN_MS: '100',
    },
    ...{ ENGINE: 'comfyui', ENGINE_URL: server.url, WORKER_WARM_UP: 'none' },
    ...{ COMFYUI_MODELS: exampleModels, COMFYUI_WORKFLOWS: exampleWorkflows },
  });
}, 60_000);
afterAll(async () => {
  await worker.close();
  await server.close();
  await dispatcher.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

/** A picture as a gateway seals it: what events know of it, and what opens it. */
async function sealed(role: JobInput['role'], plain: Buffer) {
  const key = `inputs/${randomUUID()}`;
  const { dataKey, digest } = await new SealedObjects(new FileObjectStore(folder)).put(key, plain);
  const input: JobInput = { role, key, digest, mediaType: 'image/png', width: 64, height: 64 };
  const secret: InputSecret = { dataKey, digests: ['0'.repeat(64)] };
  return { input, secret };
}

describe('a worker beside a ComfyUI', () => {
  it('offers what the model file says and the files allow', async () => {
    const { engine, models, slots } = await dispatcher.offer((offer) => offer.models.length > 0);
    expect([engine, slots]).toEqual(['comfyui', 1]);
    const base = models.find(({ name }) => name === 'sdxl/base');
    expect(base).toMatchObject({
      ...{ operations: ['generate', 'edit'], maxWidth: 2048, defaultSteps: 30 },
      features: expect.arrayContaining(['sampler', 'loras', 'controlnet']),
    });
  });

  it('turns a job with every field into a graph, and its pictures into outputs', async () => {
    const laid = [
      await sealed('image', await picture(64, 64)),
      await sealed('control', await picture(64, 64, '#808080')),
    ];
    dispatcher.content = {
      ...{ prompt: 'a lake at dawn', negativePrompt: 'people' },
      inputs: laid.map(({ secret }) => secret),
    };
    const unit = { strength: 0.7, start: 0.1, end: 0.8 };
    const job: JobSpec = {
      ...{ ...spec, model: 'sdxl/base', width: 72, height: 64, steps: 4, guidance: 5.5 },
      ...{ images: 2, seed: 11, format: 'webp', strength: 0.6 },
      inputs: laid.map(({ input }) => input),
      parts: {
        ...{ sampler: 'DPM++ SDE Karras', clipSkip: 2, vae: 'fix' },
        loras: [{ model: 'grain', strength: 0.8 }],
        embeddings: [{ model: 'golden-hour' }, { model: 'clean-hands' }],
        controls: [{ ...unit, model: 'union-sdxl', preprocessor: 'canny' }],
        names: { fix: 'sdxl-fp16-fix', grain: 'film-grain' },
      },
    };
    const { jobId } = await dispatcher.assign({ spec: job });
    const report = await eventually(() => dispatcher.completed[0]);
    expect(report).toMatchObject({ jobId });
    expect(server.submitted.length).toBe(2);
    for (const [at, prompt] of server.submitted.entries()) {
      const graph = new Submitted(prompt);
      const sampler = graph.one('KSampler');
      expect(sampler.inputs).toMatchObject({
        ...{ seed: 11 + at, steps: 4, cfg: 5.5, denoise: 0.6 },
        ...{ sampler_name: 'dpmpp_sde', scheduler: 'karras' },
      });
      expect(graph.all('CLIPTextEncode').map(({ inputs }) => inputs['text'])).toEqual([
        'a lake at dawn, embedding:golden-hour-xl',
        'people, embedding:clean-hands-xl',
      ]);
      expect(graph.one('CLIPSetLastLayer').inputs['stop_at_clip_layer']).toBe(-2);
      expect(graph.one('VAELoader').inputs['vae_name']).toBe('sdxl_vae_fp16_fix.safetensors');
      expect(graph.one('LoraLoader').inputs).toMatchObject({
        ...{ lora_name: 'film-grain-xl.safetensors', strength_model: 0.8, strength_clip: 0.8 },
      });
      expect(graph.one('ImageScale').inputs).toMatchObject({ width: 72, height: 64 });
      const apply = graph.one('ControlNetApplyAdvanced');
      expect(apply.inputs).toMatchObject({ strength: 0.7, start_percent: 0.1, end_percent: 0.8 });
      expect(graph.path(apply, 'image', 'image')).toEqual(['Canny', 'LoadImage']);
    }
    const store = new FileObjectStore(folder);
    for (const { key, mediaType } of report.outputs) {
      expect(mediaType).toBe('image/webp');
      const { width, height, format } = await sharp((await store.get(key)).bytes).metadata();
      expect([width, height, format]).toEqual([72, 64, 'webp']);
    }
  });

  it('frees its slot when a job is cancelled in the middle of a step', async () => {
    dispatcher.content = { prompt: 'a hill', negativePrompt: '', inputs: [] };
    const gate = new Gate();
    server.onStep = ({ step }) => (step === 2 ? gate.passed() : undefined);
    const assignment = await dispatcher.assign({
      spec: { ...spec, model: 'sdxl/base', steps: 30 },
    });
    await gate.reached();
    expect(await dispatcher.cancel(assignment)).toBe(true);
    await dispatcher.offer(({ freeSlots, leases }) => freeSlots === 1 && leases.length === 0);
    gate.open();
    await eventually(() => server.queue.remaining === 0);
    const history = server.queue.history(server.submitted.at(-1)?.promptId);
    expect(Object.values(history)[0]?.status.status_str).toBe('error');
  });
});
