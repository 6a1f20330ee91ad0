import 'reflect-metadata';
import { createSecretKey, hash, randomBytes } from 'node:crypto';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  attachStorage,
  dispatchStream,
  jobsStream,
  listReleased,
  newId,
  PIECE_BYTES,
  readReleased,
  toldStorage,
  type OutputStorage,
  type S3Storage,
} from '@safelight/contracts';
import { createEgress, type Egress } from '@safelight/egress';
import {
  connectBus,
  ensureStreams,
  RequestClient,
  SafelightServer,
  type BusConnection,
} from '@safelight/messaging';
import { createPool, isUnreachable, provision } from '@safelight/postgres';
import { NestLogger } from '@safelight/telemetry';
import {
  S3Server,
  testNats,
  testPostgres,
  type TestNats,
  type TestPostgres,
} from '@safelight/testing';
import type pg from 'pg';
import { webhookService } from '../service.js';
import { Copier } from '../storage/copier.js';
import { egressTo, ObjectPutter } from '../storage/put-object.js';
import type { S3Identity } from '../storage/s3-identity.js';
import { WebhooksModule } from '../webhooks.module.js';
import { JobsOfTest, type JobOfTest } from './jobs.js';
import { egressOfTest, telemetry, TestClock } from './webhook-world.js';

const credentials = { accessKeyId: 'AKIAOFTEST', secretAccessKey: 'the secret of the test' };
const key = createSecretKey(randomBytes(32));

/** What the release gate lets out of a job, as the gateway tells it. */
export interface ReleasedJob {
  state: 'open' | 'completed' | 'without_outputs' | 'deleted';
  readonly outputs: { readonly outputId: string; digest: string; bytes: Buffer }[];
}

/** Real servers, a store, the gateway's side of the release gate, and copiers. */
export class StorageWorld {
  readonly clock = new TestClock();
  readonly jobs: JobsOfTest;
  readonly requests: RequestClient;
  readonly released = new Map<string, ReleasedJob>();
  private copiers: INestMicroservice[] = [];
  private gateway: SafelightServer | undefined;

  private constructor(
    readonly s3: S3Server,
    private readonly servers: { readonly postgres: TestPostgres; readonly nats: TestNats },
    private readonly bus: BusConnection,
    readonly pool: pg.Pool,
  ) {
    this.jobs = new JobsOfTest(bus, telemetry);
    this.requests = new RequestClient(bus, telemetry);
  }

  static async build(): Promise<StorageWorld> {
    const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
    const { url: adminUrl } = await postgres.database();
    const access = { name: 'webhooks', password: 'runtime', ownerPassword: 'owner' };
    const urls = (await provision({ adminUrl, services: [access] }))['webhooks'];
    if (urls === undefined) throw new Error('nothing was provisioned');
    await webhookService.migrate(urls.migrationUrl);
    const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
    await ensureStreams(bus, [jobsStream, dispatchStream]);
    const pool = createPool({ url: urls.url, applicationName: 'webhooks', indexesOnly: true });
    const clock = { now: () => world.clock.now() };
    const s3 = await S3Server.start({ ...credentials, ...clock }, {});
    const world = new StorageWorld(s3, { postgres, nats }, bus, pool);
    await world.gatewayUp();
    return world;
  }

  get identity(): S3Identity {
    const endpointAddresses = [`127.0.0.1:${this.s3.port}`];
    return { ...credentials, endpoint: new URL(this.s3.endpoint), endpointAddresses };
  }

  /** One more copier; `null`: a deployment without an identity. */
  async copier(
    identity: S3Identity | null = this.identity,
    egress: Egress = egressTo(this.identity),
  ): Promise<void> {
    const { clock, pool, bus } = this;
    const putter = identity && new ObjectPutter(identity, egress, clock);
    const parts = { key, telemetry, pool, bus, egress: egressOfTest, clock, putter };
    const app = await NestFactory.createMicroservice(WebhooksModule.of(parts), {
      strategy: new SafelightServer({
        ...{ bus, telemetry, service: 'webhooks', isUnavailable: isUnreachable },
        streams: [jobsStream],
        retryBaseMs: 10,
      }),
      logger: new NestLogger(telemetry),
      abortOnError: false,
    });
    await app.listen();
    this.copiers.push(app);
    this.wake();
  }

  async stopCopiers(): Promise<void> {
    for (const app of this.copiers.splice(0)) {
      await app.close();
      await app.get<Copier | null>(Copier)?.close();
    }
  }

  /** No copier is woken or stopped any more: as far as the world goes they are dead. */
  abandonCopiers(): { bury(): Promise<void> } {
    const dead = this.copiers.splice(0);
    const bury = async () => {
      this.copiers.push(...dead);
      await this.stopCopiers();
    };
    return { bury };
  }

  wake(): void {
    for (const app of this.copiers) app.get<Copier | null>(Copier)?.wake();
  }

  /** Puts the clock forward and has every copier look. */
  pass(ms: number): void {
    this.clock.advance(ms);
    this.wake();
  }

  /** A bucket of its own, and a job of a new account that wants its outputs in it. */
  async job(s3: Partial<S3Storage> = {}, outputs = 1): Promise<StoredJob> {
    const bucket = `b-${newId('acc').slice(-20)}`;
    if (s3.bucket === undefined) this.s3.buckets.set(bucket, { region: 'eu-central-1' });
    const target = {
      ...{ region: 'eu-central-1', bucket, path: 'made', save_to_path_directly: false },
      ...s3,
    };
    const job = { jobId: newId('job'), accountId: newId('acc') };
    await this.requests.request(attachStorage, { ...job, s3: target });
    const made = Array.from({ length: outputs }, () => outputOf(randomBytes(10_000)));
    this.released.set(job.jobId, { state: 'open', outputs: made });
    return { ...job, target, outputs: made };
  }

  /** The job ends, and its outputs are released. */
  async complete(job: StoredJob): Promise<void> {
    this.stateOf(job, 'completed');
    await this.jobs.end(job);
  }

  stateOf({ jobId }: JobOfTest, state: ReleasedJob['state']): void {
    const job = this.released.get(jobId);
    if (job !== undefined) job.state = state;
  }

  /** What the owner is told of the copies. */
  async told(job: StoredJob): Promise<OutputStorage[]> {
    const { jobId, accountId, outputs } = job;
    const asked = outputs.map(({ outputId }) => ({ outputId, mediaType: 'image/png' as const }));
    const told = await this.requests.request(toldStorage, { jobId, accountId, outputs: asked });
    return told.outputs.map(({ storage }) => storage);
  }

  /** Requests that this bucket has answered, in order. */
  answered({ target }: StoredJob): string[] {
    return this.s3.requests
      .filter(({ bucket }) => bucket === target.bucket)
      .map(({ answered }) => answered);
  }

  /** What is in a job's bucket, by key. */
  stored({ target }: StoredJob): Map<string, Buffer> {
    const inside = [...this.s3.objects].filter(([at]) => at.startsWith(`${target.bucket}/`));
    return new Map(inside.map(([at, { bytes }]) => [at.slice(target.bucket.length + 1), bytes]));
  }

  async close(): Promise<void> {
    await this.stopCopiers();
    await this.gateway?.close();
    await this.bus.close();
    await this.pool.end();
    await this.s3.close();
    await Promise.all([this.servers.postgres.stop(), this.servers.nats.stop()]);
  }

  private async gatewayUp(): Promise<void> {
    const { bus } = this;
    const server = new SafelightServer({ bus, telemetry, service: 'gateway', streams: [] });
    server.answer(listReleased, ({ jobId }) => {
      const { state = 'unknown' as const, outputs = [] } = this.released.get(jobId) ?? {};
      const shown = state === 'completed' ? outputs : [];
      const mediaType = 'image/png' as const;
      return {
        state,
        outputs: shown.map(({ outputId, digest }) => ({ outputId, digest, mediaType })),
      };
    });
    server.answer(readReleased, ({ jobId, outputId, offset }) => {
      const job = this.released.get(jobId);
      const output = job?.outputs.find((one) => one.outputId === outputId);
      if (job?.state !== 'completed' || output === undefined) return { piece: null };
      const bytes = output.bytes.subarray(offset, offset + PIECE_BYTES).toString('base64');
      return { piece: { bytes, total: output.bytes.byteLength } };
    });
    await new Promise<void>((resolve, reject) => {
      void server.listen((error?: unknown) =>
        error === undefined ? resolve() : reject(new Error('no gateway', { cause: error })),
      );
    });
    this.gateway = server;
  }
}

export interface StoredJob extends JobOfTest {
  readonly target: S3Storage;
  readonly outputs: ReleasedJob['outputs'];
}

export const outputOf = (bytes: Buffer) => ({
  outputId: newId('out'),
  digest: hash('sha256', bytes, 'hex'),
  bytes,
});

/** Amazon's hosts, all of them this store. */
export const amazonAt = (s3: S3Server): Egress => {
  const open = createEgress({
    receivers: [`127.0.0.1:${s3.port}`],
    resolve: async () => ['127.0.0.1'],
  });
  const here = (url: string) =>
    url.replace(/^https:\/\/([^/]+)/, (_, host: string) => `http://${host}:${s3.port}`);
  return {
    fetch: (url, request) => open.fetch(here(url), request),
    check: (url, request) => open.check(here(url), request),
  };
};
