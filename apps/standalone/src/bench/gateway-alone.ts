import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, openAccount } from '@safelight/contracts';
import type { LocalNats, LocalPostgres } from '@safelight/local-servers';
import { startNats, startPostgres } from '@safelight/local-servers';
import { connectBus, RequestClient } from '@safelight/messaging';
import { provision } from '@safelight/postgres';
import { startTelemetry } from '@safelight/telemetry';
import { eventually } from '@safelight/testing';
import pg from 'pg';
import { choosePort } from '../port.js';
import { runToEnd, Supervised } from '../test/supervised.js';

export const FLOOR_KEY = 'floor';

const GATEWAY = '../../../gateway/dist/main.js';

/** A program that listens for HTTP. */
export interface Listening {
  readonly url: string;
  readonly process: Supervised;
}

/** A gateway with nothing behind it but a stand-in, and the floor, on servers of their own. */
export class GatewayAlone {
  private constructor(
    private readonly folder: string,
    readonly servers: { readonly postgres: LocalPostgres; readonly nats: LocalNats },
    readonly gateway: Listening & { readonly apiKey: string },
    readonly floor: Listening,
    readonly standIn: Supervised,
  ) {}

  static async start(): Promise<GatewayAlone> {
    const folder = await mkdtemp(join(tmpdir(), 'safelight-bench-'));
    const [postgres, nats] = await Promise.all([
      startPostgres({ dataDir: join(folder, 'postgres') }),
      startNats({ storeDir: join(folder, 'nats') }),
    ]);
    const floor = await startFloor(postgres);
    const standIn = new Supervised({
      name: 'stand-in',
      entry: '../bench/stand-in.js',
      args: [nats.url],
      env: {},
    });
    const gateway = await startGateway(folder, postgres, nats);
    const open = { ...gateway, apiKey: await openedAccount(nats) };
    return new GatewayAlone(folder, { postgres, nats }, open, floor, standIn);
  }

  async close(): Promise<void> {
    const processes = [this.gateway.process, this.floor.process, this.standIn];
    await Promise.all(processes.map((process) => process.stop()));
    await Promise.all([this.servers.postgres.stop(), this.servers.nats.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function startGateway(
  folder: string,
  postgres: LocalPostgres,
  nats: LocalNats,
): Promise<Listening> {
  const [password, ownerPassword] = [0, 1].map(() => randomBytes(12).toString('hex'));
  if (password === undefined || ownerPassword === undefined) throw new Error('no passwords');
  const services = [{ name: 'gateway', password, ownerPassword }];
  const urls = (await provision({ adminUrl: postgres.socketUrl, services }))['gateway'];
  if (urls === undefined) throw new Error('nothing was provisioned');
  const migration = { MIGRATION_DATABASE_URL: urls.migrationUrl };
  await runToEnd({ name: 'gateway', entry: GATEWAY, args: ['migrate'], env: migration });
  const port = String(await choosePort(0));
  const env = {
    DATABASE_URL: urls.url,
    NATS_URL: nats.url,
    LOG_LEVEL: 'warn',
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: port,
    OBJECT_STORE_DIR: join(folder, 'objects'),
    URL_SIGNING_SECRET: randomBytes(32).toString('base64'),
  };
  return listening(new Supervised({ name: 'gateway', entry: GATEWAY, env }), port);
}

async function startFloor(postgres: LocalPostgres): Promise<Listening> {
  const database = new pg.Client({ connectionString: postgres.socketUrl });
  await database.connect();
  await database.query(`
    CREATE SCHEMA floor;
    CREATE TABLE floor.keys (digest bytea PRIMARY KEY, account_id text NOT NULL);
    CREATE TABLE floor.jobs (id text PRIMARY KEY, account_id text NOT NULL, body json NOT NULL)`);
  const digest = createHash('sha256').update(`Bearer ${FLOOR_KEY}`).digest();
  await database.query(`INSERT INTO floor.keys VALUES ($1, 'acc_floor')`, [digest]);
  await database.end();
  const port = String(await choosePort(0));
  const args = [postgres.socketUrl, port];
  return listening(
    new Supervised({ name: 'floor', entry: '../bench/floor.js', args, env: {} }),
    port,
  );
}

async function listening(process: Supervised, port: string): Promise<Listening> {
  const url = `http://127.0.0.1:${port}`;
  const up = async () => (await fetch(url)).status === 404;
  await eventually(up, { deadlineMs: 60_000 }).catch((error: unknown) => {
    throw new Error(`a program did not come up: ${String(error)}\n${process.output}`);
  });
  return { url, process };
}

async function openedAccount(nats: LocalNats): Promise<string> {
  const telemetry = startTelemetry({ service: 'bench', logLevel: 'silent' });
  const bus = await connectBus({ url: nats.url, name: 'bench', logger: telemetry.logger });
  const services = new RequestClient(bus, telemetry);
  const asked = {
    accountId: newId('acc'),
    name: 'bench',
    plan: 'unmetered' as const,
    grantMicros: 1n,
  };
  const { apiKey } = await eventually(() => services.request(openAccount, asked));
  await bus.close();
  await telemetry.shutdown();
  return apiKey;
}
