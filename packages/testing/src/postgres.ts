import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type LocalPostgres } from '@safelight/local-servers';
import pg from 'pg';

/** Durability is worth nothing in a cluster that is thrown away: kills are survived all the same. */
const throwAway = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  autovacuum_naptime: '5s',
  // A server that a test kills leaves its shared memory behind: so it goes with the folder.
  dynamic_shared_memory_type: 'mmap',
} as const;

export interface TestPostgres {
  /** Superuser on the database `postgres`. */
  readonly adminUrl: string;
  /** The server itself, for tests that kill it. */
  readonly server: LocalPostgres;
  /** Makes an empty database; the URL is the superuser's. */
  database(name?: string): Promise<{ url: string }>;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL cluster of one's own, on a free port and in a temporary folder; one per test file.
 * A crash of the server loses nothing, a crash of the machine would (fsync is off).
 *
 * @param settings by PostgreSQL's own names, over those of a throw-away cluster
 */
export async function testPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'safelight-pg-'));
  // PostgreSQL may run as another user, which must reach its folder.
  await chmod(folder, 0o755);
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    settings: { ...throwAway, ...settings },
  });
  return {
    adminUrl: server.url,
    server,
    database: async (name = `test_${randomBytes(6).toString('hex')}`) => {
      await createDatabase(server.url, name);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return { url: url.href };
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
