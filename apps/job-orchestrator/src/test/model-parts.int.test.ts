import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eraseJob,
  fetchInput,
  newId,
  retryJob,
  submitJob,
  type JobInput,
  type ModelParts,
} from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import { accountId, attemptFails, endOf, submission, viewOf } from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const parts: ModelParts = {
  ...{ sampler: 'DPM++ 2M Karras', clipSkip: 2, vae: 'vae-ft' },
  loras: [{ model: 'ink', strength: 0.4 }],
  embeddings: [{ model: 'calm' }],
  ipAdapters: [{ model: 'looks', strength: 0.3 }],
  controls: [{ model: 'depth', strength: 1, preprocessor: 'depth-fine', start: 0, end: 0.5 }],
  names: { ink: 'ink_v3.safetensors' },
};
const roles = ['image', 'reference', 'control'] as const;
const digestOf = (role: string) => String(roles.indexOf(role as 'image') + 1).repeat(64);

/** Submits a job that uses everything, with a picture in each role. */
async function withParts() {
  const base = submission();
  const objects = new SealedObjects(fixture.store);
  const laid = await Promise.all(
    roles.map(async (role) => {
      const key = `jobs/${base.jobId}/inputs/${role}`;
      const { dataKey, digest } = await objects.put(key, Buffer.from(`a picture as ${role}`));
      const input: JobInput = { role, key, digest, mediaType: 'image/png', width: 8, height: 8 };
      return { input, secret: { dataKey, digests: [digestOf(role)] } };
    }),
  );
  const inputs = laid.map(({ input }) => input);
  const hints = { quality: 'high', resolution: '2k', pool: 'atlas' } as const;
  await fixture.client.request(submitJob, {
    ...base,
    spec: { ...base.spec, model: 'house/xl', parts, inputs, ...hints },
    content: { ...base.content, inputs: laid.map(({ secret }) => secret) },
    needs: ['loras'],
  });
  return { jobId: base.jobId, keys: inputs.map(({ key }) => key) };
}

/** What a worker gets, with its pictures opened. */
async function handedOut(jobId: string) {
  const { spec, content } = await fixture.client.request(fetchInput, { jobId, attempt: 1 });
  const objects = new SealedObjects(fixture.store);
  const pictures = await Promise.all(
    spec.inputs.map(({ key, digest }, at) =>
      objects.open(key, content.inputs[at]?.dataKey ?? '', digest),
    ),
  );
  return { spec, pictures: pictures.map(String) };
}

const pictures = roles.map((role) => `a picture as ${role}`);

describe('a job with parts beside its model', () => {
  it('is handed to its worker as it was asked for, its pictures screened, its hints priced', async () => {
    const { jobId } = await withParts();
    const handed = await handedOut(jobId);
    expect(handed.spec).toMatchObject({ parts, pool: 'atlas', quality: 'high', resolution: '2k' });
    expect(handed.spec.inputs.map(({ role }) => role)).toEqual(roles);
    expect(handed.pictures).toEqual(pictures);
    expect(fixture.screened.get(jobId)).toEqual(roles.map((role) => [digestOf(role)]));
    expect(fixture.billing.items.at(-1)).toMatchObject({ quality: 'high', resolution: '2k' });
  });

  it('keeps them when it is made again, asks for a model that honours them, and loses them for good', async () => {
    const old = await withParts();
    attemptFails(fixture, old.jobId, true);
    await endOf(fixture, old.jobId);
    const newJobId = newId('job');
    fixture.dispatch.needs = [];
    const ids = { jobId: old.jobId, newJobId, accountId, keyId: newId('key') };
    await fixture.client.request(retryJob, ids);
    expect([...fixture.dispatch.needs].sort()).toEqual([
      ...['clip_skip', 'controlnet', 'embeddings', 'ip_adapters', 'loras', 'negative_prompt'],
      ...['sampler', 'vae'],
    ]);
    await fixture.client.request(eraseJob, { jobId: old.jobId, accountId });
    for (const key of old.keys) expect(await fixture.store.exists(key)).toBe(false);
    const again = await handedOut(newJobId);
    expect(again.spec.parts).toEqual(parts);
    expect(again.pictures).toEqual(pictures);
  });

  it('leaves no trace in a job without any', async () => {
    const request = submission();
    await fixture.client.request(submitJob, request);
    const { spec } = await viewOf(fixture, request.jobId);
    for (const absent of ['parts', 'pool', 'quality', 'resolution'])
      expect(spec).not.toHaveProperty(absent);
  });
});
