import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getJob,
  getReceiptKeys,
  jobSpec,
  newId,
  PIECE_BYTES,
  signedPartOf,
  type JobView,
  type Receipt,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import {
  connectBus,
  RequestClient,
  SafelightServer,
  type BusConnection,
} from '@safelight/messaging';
import { FileObjectStore, SignedUrls } from '@safelight/object-store';
import { startTelemetry } from '@safelight/telemetry';
import { testNats, type TestNats } from '@safelight/testing';
import type { Accounts } from '../accounts/accounts.js';
import { ReleaseGate } from '../files/release-gate.js';
import { OutputStores } from './output-stores.js';
import { ReleasedController } from './released.controller.js';

const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const accountId = newId('acc');
const suspended = newId('acc');
const jobs = new Map<string, JobView>();

let folder: string;
let nats: TestNats;
let bus: BusConnection;
let store: FileObjectStore;
let released: ReleasedController;
const neighbours: SafelightServer[] = [];

async function neighbour(service: string, register: (server: SafelightServer) => void) {
  const server = new SafelightServer({ bus, telemetry, service, streams: [] });
  register(server);
  await new Promise<void>((resolve, reject) => {
    void server.listen((error?: unknown) =>
      error === undefined ? resolve() : reject(new Error('not up', { cause: error })),
    );
  });
  neighbours.push(server);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-released-'));
  store = new FileObjectStore(folder);
  nats = await testNats();
  bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
  await neighbour('jobs', (server) =>
    server.answer(getJob, ({ jobId, accountId: asking }) => {
      const job = jobs.get(jobId);
      if (job?.accountId !== asking) throw new DomainError('job.not_found');
      return job;
    }),
  );
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await neighbour('moderation', (server) =>
    server.answer(getReceiptKeys, () => ({ keys: [{ keyId: 'key', publicKey: spki }] })),
  );
  const services = new RequestClient(bus, telemetry);
  const urls = new SignedUrls({ baseUrl: 'https://safelight.example', secret: randomBytes(32) });
  const accounts = { isSuspended: async (id: string) => id === suspended };
  const gate = new ReleaseGate(services, urls, new OutputStores(services), accounts);
  released = new ReleasedController(services, gate, store, accounts as Accounts);
}, 60_000);
afterAll(async () => {
  for (const server of neighbours) await server.close();
  await bus.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

type Output = JobView['outputs'][number];

/** An output that the orchestrator holds for released, with a receipt that may say otherwise. */
async function outputOf(
  jobId: string,
  { bytes = randomBytes(1_000), ...said }: Partial<Receipt> & { bytes?: Buffer } = {},
): Promise<Output> {
  const outputId = newId('out');
  const key = `jobs/${jobId}/1/${outputId}.png`;
  const { digest } = await store.put(key, bytes, { mediaType: 'image/png' });
  const unsigned = {
    ...{ decisionId: newId('dec'), stage: 'output', verdict: 'pass', jobId, accountId },
    ...{ policyVersion: '1', policyDigest: hash('sha256', 'policy', 'hex') },
    ...{ ruleId: null, category: null, classifiers: [], confidence: 0, keyId: 'key' },
    ...{ subjectDigest: digest, decidedAt: '2026-11-21T12:00:00.000Z' },
    ...said,
  } as Omit<Receipt, 'signature'>;
  const signature = sign(null, signedPartOf(unsigned), privateKey).toString('base64url');
  const receipt = { signature, ...unsigned };
  const rest = { bytes: bytes.byteLength, mediaType: 'image/png', width: 8, height: 8, seed: 1 };
  return { outputId, key, digest, receipt, ...rest } as Output;
}

function jobWith(id: string, outputs: Output[], more: Partial<JobView> = {}): string {
  jobs.set(id, {
    ...{ id, accountId, status: 'completed', metadata: {}, progress: 100, outputs },
    spec: jobSpec.parse({
      ...{ operation: 'generate', model: 'test/dot', width: 512, height: 512, steps: 4 },
      ...{ guidance: 1, images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
    }),
    ...{ attempt: 1, priceMicros: 5n, retryOf: null, deletedAt: null, failure: null },
    settlement: { kind: 'captured', capturedMicros: 5n, refundedMicros: 0n },
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:01.000Z',
    endedAt: '2026-01-01T00:00:02.000Z',
    ...more,
  });
  return id;
}

const read = async (jobId: string, outputId: string, offset = 0) =>
  (await released.read({ jobId, accountId, outputId, offset })).piece;

describe('what leaves for a bucket', () => {
  it('are the bytes of an output with a passing receipt for them, in pieces', async () => {
    const id = newId('job');
    const bytes = randomBytes(PIECE_BYTES + 5);
    const output = await outputOf(id, { bytes });
    jobWith(id, [output]);
    const { outputId, digest } = output;
    expect(await released.list({ jobId: id, accountId })).toEqual({
      state: 'completed',
      outputs: [{ outputId, digest, mediaType: 'image/png' }],
    });
    const pieces = [await read(id, outputId), await read(id, outputId, PIECE_BYTES)];
    expect(pieces.map((piece) => piece?.total)).toEqual([bytes.byteLength, bytes.byteLength]);
    const whole = pieces.map((piece) => Buffer.from(piece?.bytes ?? '', 'base64'));
    expect(Buffer.concat(whole).equals(bytes)).toBe(true);
  });

  it('are none of an account that is suspended', async () => {
    const id = newId('job');
    const output = await outputOf(id, { accountId: suspended });
    jobWith(id, [output], { accountId: suspended });
    const asked = { jobId: id, accountId: suspended };
    expect((await released.list(asked)).outputs).toEqual([]);
    const { piece } = await released.read({ ...asked, outputId: output.outputId, offset: 0 });
    expect(piece).toBeNull();
  });

  it.each<[string, Partial<Receipt>]>([
    ['says no', { verdict: 'block' }],
    ['is of another stage', { stage: 'prompt' }],
    ['is of another job', { jobId: newId('job') }],
    ['is of another account', { accountId: newId('acc') }],
    ['is of other bytes', { subjectDigest: hash('sha256', 'other', 'hex') }],
    ['is not signed', { signature: Buffer.alloc(64).toString('base64url') }],
  ])('is nothing whose receipt %s', async (_, said) => {
    const id = newId('job');
    const [good, bad] = [await outputOf(id), await outputOf(id, said)];
    jobWith(id, [good, bad]);
    const { outputs } = await released.list({ jobId: id, accountId });
    expect(outputs.map(({ outputId }) => outputId)).toEqual([good.outputId]);
    expect(await read(id, bad.outputId)).toBeNull();
    expect(await read(id, good.outputId)).not.toBeNull();
  });

  it('is nothing of another account, of a job under way, or of one that was deleted', async () => {
    const id = newId('job');
    const output = await outputOf(id);
    jobWith(id, [output]);
    const stranger = { jobId: id, accountId: newId('acc') };
    expect(await released.list(stranger)).toEqual({ state: 'unknown', outputs: [] });
    const theirs = { ...stranger, outputId: output.outputId, offset: 0 };
    expect(await released.read(theirs)).toEqual({ piece: null });

    jobWith(id, [output], { status: 'processing', endedAt: null });
    expect(await released.list({ jobId: id, accountId })).toEqual({ state: 'open', outputs: [] });
    expect(await read(id, output.outputId)).toBeNull();

    jobWith(id, [], { status: 'failed' });
    expect((await released.list({ jobId: id, accountId })).state).toBe('without_outputs');
    jobWith(id, [], { deletedAt: '2026-01-02T00:00:00.000Z' });
    expect((await released.list({ jobId: id, accountId })).state).toBe('deleted');

    jobWith(id, [output]);
    await store.delete(output.key);
    expect(await read(id, output.outputId)).toBeNull();
  });
});
