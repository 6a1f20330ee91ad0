import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedgerKey } from '@safelight/billing';
import { newId, openAccount, parseCredits } from '@safelight/contracts';
import { createTestAuthorityFile, createWatermarkKey } from '@safelight/gpu-worker';
import { createContentKey } from '@safelight/job-orchestrator';
import type { LocalNats, LocalPostgres } from '@safelight/local-servers';
import { startNats, startPostgres } from '@safelight/local-servers';
import { createCaseKey, createReceiptKey } from '@safelight/moderation';
import type { BusConnection } from '@safelight/messaging';
import { connectBus, RequestClient } from '@safelight/messaging';
import { provision } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import { startTelemetry } from '@safelight/telemetry';
import { eventually } from '@safelight/testing';
import { freshMachineAliases } from '../aliases.js';
import { createWebhookKey } from '@safelight/webhook-sender';
import { choosePort } from '../port.js';
import { gatewayEnvironment, startApart, startTogether, withDatabase } from './fleet-processes.js';
import type { Supervised } from './supervised.js';

/** One process for everything, or one for each service with two of billing and two orchestrators. */
export type Layout = 'one process' | 'apart';

export interface FleetOptions {
  readonly layout: Layout;
  readonly workerSlots?: number;
  /** Gateways of the layout `apart`; 1 by default. */
  readonly gateways?: number;
  /** By how much the clock of each gateway is wrong, in milliseconds; not at all by default. */
  readonly clockSkewsMs?: readonly number[];
  /** Layout `apart`: programs to start in place of a service's own, by service. */
  readonly entries?: Readonly<Record<string, string>>;
  /** More variables for every service. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface TestAccount {
  readonly accountId: string;
  readonly apiKey: string;
}

/** A whole Safelight in processes of its own, on a throw-away PostgreSQL and nats-server. */
export class Fleet {
  private constructor(
    /** Where each gateway listens. */
    readonly urls: readonly string[],
    readonly postgres: LocalPostgres,
    readonly nats: LocalNats,
    readonly processes: readonly (readonly [string, Supervised])[],
    /** Everything that the fleet wrote to disk, of all servers. */
    readonly folder: string,
    private readonly operator: { readonly bus: BusConnection; readonly telemetry: Telemetry },
  ) {}

  static async start(options: FleetOptions): Promise<Fleet> {
    const folder = await mkdtemp(join(tmpdir(), 'safelight-fleet-'));
    const [postgres, nats] = await Promise.all([
      startPostgres({ dataDir: join(folder, 'postgres') }),
      startNats({ storeDir: join(folder, 'nats'), monitor: true }),
    ]);
    const ports: number[] = [];
    while (ports.length < (options.gateways ?? 1)) ports.push(await choosePort(0));
    const env = await environmentIn(folder, nats, options);
    const urls = await databases(postgres);
    const gateways = ports.map((port, i) => gatewayEnvironment(port, options.clockSkewsMs?.[i]));
    const processes =
      options.layout === 'apart'
        ? await startApart(env, urls, gateways, options.entries ?? {})
        : startTogether(env, urls, gateways);
    const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
    const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
    const at = ports.map((port) => `http://127.0.0.1:${port}`);
    const fleet = new Fleet(at, postgres, nats, processes, folder, { bus, telemetry });
    await fleet.ready();
    return fleet;
  }

  /** Where the first gateway listens. */
  get url(): string {
    return this.urls[0] ?? '';
  }

  get requests(): RequestClient {
    return new RequestClient(this.operator.bus, this.operator.telemetry);
  }

  /** Opens an account over the bus, as `npm start` does. */
  async account(credits = '500'): Promise<TestAccount> {
    return this.requests.request(openAccount, {
      accountId: newId('acc'),
      name: 'test',
      plan: 'unmetered',
      grantMicros: parseCredits(credits),
    });
  }

  /** Waits until the whole fleet takes work: a process that was killed needs a moment to be back. */
  async ready(): Promise<void> {
    const probe = await eventually(() => this.account('10'), { deadlineMs: 60_000 }).catch(
      (error: unknown) => {
        throw new Error(`the fleet did not come up: ${String(error)}\n${this.logs()}`);
      },
    );
    const probes = await Promise.all(this.urls.slice(1).map(() => this.account('10')));
    await Promise.all(this.urls.map((url, at) => takesWork(url, (probes[at - 1] ?? probe).apiKey)));
  }

  /** Hears the data of every public event on the subject, from now on. */
  async subscribe(subject: string, heard: (data: unknown) => void): Promise<void> {
    this.operator.bus.nc.subscribe(subject, {
      callback: (_, message) => heard(message.json<{ data: unknown }>().data),
    });
    await this.operator.bus.nc.flush();
  }

  /** Messages that nats-server has taken in and sent out so far. */
  async messages(): Promise<number> {
    const answer = await fetch(`${this.nats.monitorUrl ?? ''}/varz`);
    const { in_msgs, out_msgs } = (await answer.json()) as { in_msgs: number; out_msgs: number };
    return in_msgs + out_msgs;
  }

  /** The processes of one service. */
  of(service: string): Supervised[] {
    return this.processes.filter(([name]) => name === service).map(([, child]) => child);
  }

  /** Takes nats-server down and everything that JetStream had stored with it. */
  async wipeJetStream(): Promise<void> {
    this.nats.kill('SIGKILL');
    await this.nats.exited;
    await rm(join(this.folder, 'nats', 'jetstream'), { recursive: true, force: true });
    await this.nats.restart();
  }

  logs(): string {
    return this.processes
      .map(([name, child]) => `--- ${name}\n${child.output.slice(-3000)}`)
      .join('\n');
  }

  async close(): Promise<void> {
    await this.operator.bus.close();
    // A worker that nobody listens to any more would go on for seconds to hand its work back.
    await Promise.all(this.of('worker').map((worker) => worker.stop()));
    await Promise.all(this.processes.map(([, child]) => child.stop()));
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
    await this.operator.telemetry.shutdown();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Resolves once this gateway and everything behind it accept a job. */
const takesWork = (url: string, apiKey: string) =>
  eventually(
    async () => {
      const answer = await fetch(`${url}/api/v1/generate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          prompt: 'a plain probe',
          model: 'builtin/blank',
          width: 256,
          height: 256,
        }),
      }).catch(() => undefined);
      return answer?.status === 202;
    },
    // A key may ask sixty times a minute: one that asks without a pause is turned away for that.
    { deadlineMs: 60_000, everyMs: 250 },
  );

async function environmentIn(folder: string, nats: LocalNats, options: FleetOptions) {
  const receiptKey = join(folder, 'receipt-key.pem');
  const contentKey = join(folder, 'content-key');
  await writeFile(receiptKey, createReceiptKey());
  await writeFile(contentKey, createContentKey());
  const caseKey = join(folder, 'case-key');
  await writeFile(caseKey, createCaseKey());
  const ledgerKey = join(folder, 'ledger-key.pem');
  await writeFile(ledgerKey, createLedgerKey());
  const webhookKey = join(folder, 'webhook-key');
  await writeFile(webhookKey, createWebhookKey());
  const watermarkKey = join(folder, 'watermark-key');
  await writeFile(watermarkKey, createWatermarkKey());
  const testAuthority = join(folder, 'content-credentials-TEST.json');
  await writeFile(testAuthority, createTestAuthorityFile());
  return {
    NATS_URL: nats.url,
    NATS_SHARED: options.layout === 'apart' ? 'false' : 'true',
    LOG_LEVEL: 'info',
    OPS_PORT: '0',
    HTTP_HOST: '127.0.0.1',
    OBJECT_STORE_DIR: join(folder, 'objects'),
    URL_SIGNING_SECRET: randomBytes(32).toString('base64'),
    RECEIPT_KEY_FILE: receiptKey,
    LEDGER_KEY_FILE: ledgerKey,
    CONTENT_KEY_FILE: contentKey,
    MODEL_ALIASES: freshMachineAliases,
    CASE_KEY_FILE: caseKey,
    WEBHOOK_KEY_FILE: webhookKey,
    WATERMARK_KEY_FILE: watermarkKey,
    C2PA_TEST_AUTHORITY_FILE: testAuthority,
    WORKER_SLOTS: String(options.workerSlots ?? 1),
    ...options.env,
  };
}

/** Schemas and roles, empty. */
const databases = (postgres: LocalPostgres) =>
  provision({
    adminUrl: postgres.socketUrl,
    services: withDatabase.map(([, name]) => ({
      name,
      password: randomBytes(12).toString('hex'),
      ownerPassword: randomBytes(12).toString('hex'),
    })),
  });
