import { randomBytes } from 'node:crypto';
import {
  dispatchStream,
  jobEnded,
  jobQueued,
  jobsStream,
  newId,
  newUuid,
  type JobSpec,
  jobSpec,
} from '@safelight/contracts';
import { connectBus, ensureStreams, JetStreamPublisher, RequestClient } from '@safelight/messaging';
import type { BusConnection } from '@safelight/messaging';
import { provision } from '@safelight/postgres';
import { startTelemetry, type RunningService } from '@safelight/telemetry';
import { eventually, testNats, testPostgres, type TestPostgres } from '@safelight/testing';
import pg from 'pg';
import { dispatchService } from '../service.js';
import { TinyWorker, type TinyWorkerOptions } from './tiny-worker.js';

export const spec: JobSpec = jobSpec.parse({
  ...{ operation: 'generate', model: 'test/dot', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
});

/** A public event of the dispatcher, as others see it. */
export interface Heard {
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Nats = Awaited<ReturnType<typeof testNats>>;

/** A dispatcher's world: real servers, the orchestrator's side of the bus, and workers of our own. */
export class Stage {
  readonly heard: Heard[] = [];
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly postgres: TestPostgres,
    readonly nats: Nats,
    readonly admin: pg.Pool,
    readonly bus: BusConnection,
    private readonly urls: { url: string; migrationUrl: string },
  ) {}

  static async build(): Promise<Stage> {
    const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
    const password = randomBytes(8).toString('hex');
    const { url: adminUrl } = await postgres.database();
    const access = { name: 'dispatch', password, ownerPassword: password };
    const urls = (await provision({ adminUrl, services: [access] }))['dispatch'];
    if (urls === undefined) throw new Error('nothing was provisioned');
    await dispatchService.migrate(urls.migrationUrl);
    const { logger } = startTelemetry({ service: 'stage', logLevel: 'silent' });
    const bus = await connectBus({ url: nats.url, name: 'stage', logger });
    await ensureStreams(bus, [jobsStream, dispatchStream]);
    const admin = new pg.Pool({ connectionString: adminUrl });
    admin.on('error', () => undefined);
    const stage = new Stage(postgres, nats, admin, bus, urls);
    bus.nc.subscribe('safelight.dispatch.>', {
      callback: (_, message) => {
        const { data } = message.json<{ data: Heard['data'] }>();
        stage.heard.push({ subject: message.subject, data });
      },
    });
    return stage;
  }

  /** Starts a dispatcher; leases live 600 ms, and pauses 10 ms, unless `env` says otherwise. */
  async dispatcher(env: Record<string, string> = {}): Promise<RunningService> {
    const service = await dispatchService.start({
      ...{ DATABASE_URL: this.urls.url, NATS_URL: this.nats.url, LOG_LEVEL: 'silent' },
      ...{ LEASE_MS: '600', HEARTBEAT_MS: '100', RETRY_MS: '10' },
      ...env,
    });
    let closing: Promise<void> | undefined;
    const close = () => (closing ??= service.close());
    this.closers.push(close);
    return { ...service, close };
  }

  async worker(options: Partial<TinyWorkerOptions> = {}): Promise<TinyWorker> {
    const worker = await TinyWorker.start({ natsUrl: this.nats.url, ...options });
    this.closers.push(() => worker.die());
    return worker;
  }

  get requests(): RequestClient {
    return new RequestClient(this.bus, startTelemetry({ service: 'stage', logLevel: 'silent' }));
  }

  /** Publishes `jobs.queued`, as the orchestrator does. @returns the job's id */
  async queue(part: { jobId?: string; accountId?: string; spec?: Partial<JobSpec> } = {}) {
    const jobId = part.jobId ?? newId('job');
    const data = {
      ...{ jobId, accountId: part.accountId ?? newId('acc'), spec: { ...spec, ...part.spec } },
      sequence: 4,
      deadlineAt: new Date(Date.now() + 600_000).toISOString(),
    };
    await this.publish(jobQueued.subject, jobId, data);
    return jobId;
  }

  /** Publishes `jobs.ended`. */
  async end(jobId: string, status: 'completed' | 'cancelled' | 'failed' = 'cancelled') {
    const settlement = { kind: 'voided', capturedMicros: '0', refundedMicros: '5' };
    const data = {
      ...{ jobId, accountId: newId('acc'), sequence: 8, status, settlement, failure: null },
      endedAt: new Date().toISOString(),
    };
    await this.publish(jobEnded.subject, jobId, data);
  }

  /** The row of an open job, once `check` holds for it. */
  row(jobId: string, check: (row: Record<string, unknown>) => boolean = () => true) {
    return eventually(async () => {
      const row = await this.find(jobId);
      return row !== undefined && check(row) && row;
    });
  }

  /** Resolves when the job waits, with nobody running it. */
  waits(jobId: string): Promise<Record<string, unknown>> {
    return this.row(jobId, ({ incarnation }) => incarnation === null);
  }

  /** Resolves when the job was known to the dispatcher and is open no more. */
  async ended(jobId: string): Promise<void> {
    await eventually(
      async () => (await this.history(jobId)).length > 0 && (await this.find(jobId)) === undefined,
    );
  }

  /** Types of a job's private events. */
  async history(jobId: string): Promise<string[]> {
    const text = `select type from dispatch.events where stream_id = $1 order by version`;
    const { rows } = await this.admin.query<{ type: string }>(text, [`assignment-${jobId}`]);
    return rows.map(({ type }) => type);
  }

  /** `history` without the news of starts, which come only to attempts that take their time. */
  async story(jobId: string): Promise<string[]> {
    return (await this.history(jobId)).filter((type) => type !== 'AttemptStarted');
  }

  /** Names and attempts of the public events about a job. */
  heardOf(jobId: string): string[] {
    return this.heard
      .filter(({ data }) => data['jobId'] === jobId)
      .map(({ subject, data }) => `${subject.split('.')[2] ?? ''} ${String(data['attempt'])}`);
  }

  /** What was published about a job under this name. */
  heardAs(name: string, jobId: string): Heard['data'][] {
    return this.heard
      .filter(({ subject, data }) => subject.includes(`.${name}.`) && data['jobId'] === jobId)
      .map(({ data }) => data);
  }

  /** The sum of a metric over all its labels, as `/metrics` tells it. */
  async metric(opsUrl: string, name: string): Promise<number> {
    const text = await (await fetch(`${opsUrl}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Address of the database, as the dispatcher's own role. */
  get runtimeUrl(): string {
    return this.urls.url;
  }

  /** Ends what a test has started. */
  async clear(): Promise<void> {
    for (let close = this.closers.pop(); close; close = this.closers.pop()) await close();
    // What a test leaves in the queue is not the next one's to run.
    await this.admin.query('delete from dispatch.open_assignments');
    await this.admin.query('delete from dispatch.quarantines');
  }

  async close(): Promise<void> {
    await this.clear();
    await this.bus.close();
    await this.admin.end();
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
  }

  private async find(jobId: string): Promise<Record<string, unknown> | undefined> {
    const text = 'select * from dispatch.open_assignments where job_id = $1';
    const { rows } = await this.admin.query<Record<string, unknown>>(text, [jobId]);
    return rows[0];
  }

  private async publish(subject: string, jobId: string, data: unknown): Promise<void> {
    const telemetry = startTelemetry({ service: 'stage', logLevel: 'silent' });
    const publisher = new JetStreamPublisher(this.bus, jobsStream, telemetry);
    const id = newUuid();
    const context = { correlationId: jobId, causationId: jobId };
    const event = { id, subject, key: `job-${jobId}`, data, recordedAt: new Date(), context };
    const [outcome] = await publisher.publish([event]);
    if (outcome !== undefined && 'error' in outcome) throw outcome.error;
  }
}
