import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  dispatchStream,
  jobQueued,
  jobsStream,
  jobSpec,
  newId,
  newUuid,
} from '@safelight/contracts';
import { EventStore } from '@safelight/event-store';
import { connectBus, ensureStreams, JetStreamPublisher } from '@safelight/messaging';
import { createPool, inTransaction, provision } from '@safelight/postgres';
import { startTelemetry } from '@safelight/telemetry';
import { testNats, testPostgres } from '@safelight/testing';
import pg from 'pg';
import { assignmentProjection } from '../assignment/assignment.projection.js';
import { streamOf } from '../assignment/assignment.stream.js';
import { beginEpoch } from '../leadership/epoch.js';
import { dispatchService } from '../service.js';
import { countFaults, countOf, type QueueFaults } from './queue-faults.sql.js';

const telemetry = startTelemetry({ service: 'bench', logLevel: 'silent' });
const spec = jobSpec.parse({
  ...{ operation: 'generate', model: 'sim/dot', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
});
const ACCOUNTS = 1_000;
const SEEDED_AT_A_TIME = 5_000;
const LIFE_MS = 3_600_000;
/** Where our own process keeps compiled code; below a folder named for the version of Node. */
const compileCache = getCompileCacheDir();

type Nats = Awaited<ReturnType<typeof testNats>>;
type Postgres = Awaited<ReturnType<typeof testPostgres>>;

/** Real servers, a database of the dispatcher's own, and dispatchers as processes of their own. */
export class DispatchPlace {
  private readonly accounts = Array.from({ length: ACCOUNTS }, () => newId('acc'));
  private readonly running: ChildProcess[] = [];
  private constructor(
    readonly nats: Nats,
    private readonly postgres: Postgres,
    private readonly url: string,
    private readonly admin: pg.Pool,
    private readonly publisher: JetStreamPublisher,
    private readonly closeBus: () => Promise<void>,
  ) {}

  /** @param settings of PostgreSQL, over those of a cluster that is thrown away */
  static async build(settings: Readonly<Record<string, string>> = {}): Promise<DispatchPlace> {
    const [postgres, nats] = await Promise.all([testPostgres(settings), testNats()]);
    const password = randomBytes(8).toString('hex');
    const { url: adminUrl } = await postgres.database();
    const access = { name: 'dispatch', password, ownerPassword: password };
    const urls = (await provision({ adminUrl, services: [access] }))['dispatch'];
    if (urls === undefined) throw new Error('nothing was provisioned');
    await dispatchService.migrate(urls.migrationUrl);
    const { logger } = telemetry;
    const bus = await connectBus({ url: nats.url, name: 'bench', logger });
    await ensureStreams(bus, [jobsStream, dispatchStream]);
    const publisher = new JetStreamPublisher(bus, jobsStream, telemetry);
    const admin = new pg.Pool({ connectionString: adminUrl });
    admin.on('error', () => undefined);
    return new DispatchPlace(nats, postgres, urls.url, admin, publisher, () => bus.close());
  }

  /** Processes of PostgreSQL and NATS; each has its children below it. */
  get servers(): readonly number[] {
    return [this.postgres.server.pid, this.nats.pid];
  }

  /** Starts a dispatcher process. */
  async dispatcher(env: Readonly<Record<string, string>> = {}): Promise<DispatcherProcess> {
    const opsPort = await freePort();
    const entry = fileURLToPath(new URL('../main.js', import.meta.url));
    const child = spawn(process.execPath, [entry], {
      env: {
        ...{ LOG_LEVEL: 'error', OPS_PORT: String(opsPort) },
        ...{ DATABASE_URL: this.url, NATS_URL: this.nats.url },
        // `npm start` and `npm run bench` have one: a process starts with code that is compiled already.
        ...(compileCache !== undefined && { NODE_COMPILE_CACHE: dirname(compileCache) }),
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.running.push(child);
    return { child, metricsUrl: `http://127.0.0.1:${opsPort}/metrics` };
  }

  /** Has jobs queued as an earlier reign would have left them. @returns how many are open now */
  async seed(jobs: number): Promise<number> {
    const pool = createPool({ url: this.url, applicationName: 'seed' });
    const epoch = await inTransaction(pool, beginEpoch);
    const store = new EventStore({
      ...{ pool, schema: 'dispatch', projections: [assignmentProjection(epoch)] },
    });
    for (let done = 0; done < jobs; done += SEEDED_AT_A_TIME) {
      const part = Math.min(SEEDED_AT_A_TIME, jobs - done);
      await Promise.all(Array.from({ length: part }, (_, n) => this.seedOne(store, done + n)));
    }
    await store.drain();
    await pool.end();
    return countOf(this.admin, 'open');
  }

  /** Publishes `jobs.queued` of so many jobs, as the orchestrator does. */
  async submit(jobs: number): Promise<void> {
    const events = Array.from({ length: jobs }, (_, n) => {
      const jobId = newId('job');
      const data = { jobId, accountId: this.accountOf(n), spec, sequence: 4, ...deadline() };
      const context = { correlationId: jobId, causationId: jobId };
      const { subject } = jobQueued;
      return { id: newUuid(), subject, key: jobId, data, recordedAt: new Date(), context };
    });
    await this.publisher.publish(events);
  }

  /** What must never be, of all jobs that there were. */
  faults(): Promise<QueueFaults> {
    return countFaults(this.admin);
  }

  /** Takes the lock from whoever leads, as a failing connection would. */
  async depose(): Promise<void> {
    await this.admin.query(`select pg_terminate_backend(a.pid) from pg_locks l
      join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and a.application_name = 'dispatch leadership'`);
  }

  /** Does to two open jobs what must never be: one vanishes, and one is leased twice. */
  async tamper(): Promise<void> {
    const { rows } = await this.admin.query<{ job_id: string }>(
      'select job_id from dispatch.open_assignments order by job_id limit 2',
    );
    const [lost = '', twice = ''] = rows.map(({ job_id: jobId }) => jobId);
    await this.admin.query('delete from dispatch.open_assignments where job_id = $1', [lost]);
    const pool = createPool({ url: this.url, applicationName: 'tamper' });
    const store = new EventStore({ pool, schema: 'dispatch' });
    const event = { type: 'AttemptLeased' };
    await store.append({
      ...{ streamId: streamOf(twice), expectedVersion: 1, commandId: 'tamper' },
      events: [event, event],
      context: { correlationId: twice, causationId: twice },
    });
    await pool.end();
  }

  open(): Promise<number> {
    return countOf(this.admin, 'open');
  }

  leases(): Promise<number> {
    return countOf(this.admin, 'leases');
  }

  /** For whoever is told to end in the midst of it: the servers end by themselves, dispatchers do not. */
  abandon(): void {
    for (const child of this.running) child.kill('SIGKILL');
  }

  async close(): Promise<void> {
    for (const child of this.running) await ended(child, 'SIGTERM');
    await this.closeBus();
    await this.admin.end();
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
  }

  private async seedOne(store: EventStore, n: number): Promise<void> {
    const jobId = newId('job');
    const event = {
      ...{ type: 'AssignmentQueued', accountId: this.accountOf(n), spec, ...deadline() },
      ...{ predictedGpuMs: 100, attemptsMax: 3 },
    };
    await store.append({
      ...{ streamId: streamOf(jobId), expectedVersion: 0, commandId: 'seed', events: [event] },
      context: { correlationId: jobId, causationId: jobId },
    });
  }

  private accountOf(n: number): string {
    return this.accounts[n % this.accounts.length] ?? '';
  }
}

/** A dispatcher in a process of its own. */
export interface DispatcherProcess {
  readonly child: ChildProcess;
  readonly metricsUrl: string;
}

/** Ends the process, if it has not ended; resolves when it is gone. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const deadline = () => ({ deadlineAt: new Date(Date.now() + LIFE_MS).toISOString() });

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
