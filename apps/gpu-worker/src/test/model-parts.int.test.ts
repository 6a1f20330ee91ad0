import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InputSecret, JobInput, ModelParts } from '@safelight/contracts';
import { FileObjectStore, SealedObjects } from '@safelight/object-store';
import type { RunningService } from '@safelight/telemetry';
import { eventually, testNats } from '@safelight/testing';
import { readWorkerConfig } from '../config.js';
import { startWorker } from '../service.js';
import { ScriptedEngine } from './scripted-engine.js';
import { spec, TinyDispatcher } from './tiny-dispatcher.js';

let nats: Awaited<ReturnType<typeof testNats>>;
let folder: string;
let dispatcher: TinyDispatcher;
let worker: RunningService;
const engine = new ScriptedEngine();

beforeAll(async () => {
  nats = await testNats();
  folder = await mkdtemp(join(tmpdir(), 'safelight-worker-'));
  dispatcher = await TinyDispatcher.start(nats.url);
  engine.free();
  const env = { NATS_URL: nats.url, LOG_LEVEL: 'silent', OBJECT_STORE_DIR: folder };
  worker = await startWorker(readWorkerConfig({ ...env, WORKER_DRAIN_MS: '100' }), () => engine);
}, 60_000);
afterAll(async () => {
  await worker.close();
  await dispatcher.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});

/** A picture as a gateway seals it: what events know of it, and what opens it. */
async function sealed(role: JobInput['role'], plain: string) {
  const key = `inputs/${randomUUID()}`;
  const objects = new SealedObjects(new FileObjectStore(folder));
  const { dataKey, digest } = await objects.put(key, Buffer.from(plain));
  const input: JobInput = { role, key, digest, mediaType: 'image/png', width: 64, height: 64 };
  const secret: InputSecret = { dataKey, digests: ['0'.repeat(64)] };
  return { input, secret };
}

describe('a worker', () => {
  it('hands its engine everything beside the model, each part with its own picture', async () => {
    const laid = [
      await sealed('reference', 'looks'),
      await sealed('control', 'depth'),
      await sealed('image', 'a lake'),
      await sealed('control', 'edges'),
    ];
    dispatcher.content = { ...dispatcher.content, inputs: laid.map(({ secret }) => secret) };
    const unit = { strength: 1, start: 0, end: 0.5 };
    const parts: ModelParts = {
      ...{ sampler: 'DPM++ 2M Karras', clipSkip: 2, vae: 'vae-ft' },
      loras: [
        { model: 'ink', strength: 0.4 },
        { model: 'toString', strength: 1 },
      ],
      embeddings: [{ model: 'calm' }],
      ipAdapters: [{ model: 'looks', strength: 0.3 }],
      controls: [
        { ...unit, model: 'depth', preprocessor: 'depth-fine' },
        { ...unit, model: 'lines' },
      ],
      names: { ink: 'ink_v3.safetensors', depth: 'depth.pth', looks: 'ip.bin', calm: 'calm.pt' },
    };
    const inputs = laid.map(({ input }) => input);
    await dispatcher.assign({ spec: { ...spec, inputs, parts } });
    await eventually(() => dispatcher.completed[0]);
    const { references = [], controls = [], image, ...request } = engine.requests[0]!;
    expect(request).toMatchObject({
      ...{ sampler: 'DPM++ 2M Karras', clipSkip: 2, vae: 'vae-ft', embeddings: ['calm.pt'] },
      loras: [
        { model: 'ink_v3.safetensors', strength: 0.4 },
        { model: 'toString', strength: 1 },
      ],
    });
    const told = (part: object) => ({ ...part, image: String((part as { image: unknown }).image) });
    expect(references.map(told)).toEqual([{ model: 'ip.bin', strength: 0.3, image: 'looks' }]);
    expect(controls.map(told)).toEqual([
      { ...unit, model: 'depth.pth', preprocessor: 'depth-fine', image: 'depth' },
      { ...unit, model: 'lines', image: 'edges' },
    ]);
    expect(String(image)).toBe('a lake');
  });

  it('does not begin where a part came without its picture', async () => {
    const before = engine.requests.length;
    const controls = [{ model: 'depth', strength: 1, start: 0, end: 1 }];
    await dispatcher.assign({ spec: { ...spec, parts: { controls } } });
    const failure = await eventually(() => dispatcher.failed[0]);
    expect(failure).toMatchObject({ code: 'worker.input_broken', retryable: false });
    expect(engine.requests).toHaveLength(before);
  });
});
