import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile, mkdir, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually, testFolder } from '../test-folder.js';
import { startPostgres, type LocalPostgres, type PostgresOptions } from './start-postgres.js';

const { inFolder, atEnd } = testFolder();

async function start(options: Partial<PostgresOptions> = {}): Promise<LocalPostgres> {
  const postgres = await startPostgres({
    dataDir: inFolder('postgres'),
    settings: { fsync: 'off', shared_buffers: '16MB' },
    ...options,
  });
  atEnd(() => postgres.stop());
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('starts on an empty folder with laptop settings, and stops cleanly', async () => {
    const postgres = await start({ settings: {}, log: inFolder('logs', 'postgres.log') });
    expect(await query(postgres.url, 'show server_version')).toEqual([['18.4']]);
    const settings = await query(
      postgres.url,
      `select name, setting from pg_settings where name in
        ('fsync', 'synchronous_commit', 'data_checksums', 'max_connections', 'listen_addresses')
        order by name`,
    );
    expect(Object.fromEntries(settings)).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      listen_addresses: '127.0.0.1',
      max_connections: '200',
      synchronous_commit: 'on',
    });
    await postgres.stop();
    expect(await postgres.exited).toEqual({ code: 0, signal: null });
    const log = await readFile(inFolder('logs', 'postgres.log'), 'utf8');
    expect(log).toContain('database system is shut down');
  });

  it('keeps its data and its password over a restart', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start({ port: first.port });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select answer from kept')).toEqual([[42]]);
    expect((await stat(inFolder('postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('asks everybody for the password', async () => {
    const { url, socketUrl } = await start();
    for (const way of [url, socketUrl]) {
      const wrong = new URL(way);
      wrong.password = 'guess';
      await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    }
  });

  it('serves over a socket that only its user may reach, also after kill -9', async () => {
    const local = 'select inet_client_addr() is null';
    const first = await start();
    expect(first.socketUrl).not.toBe(first.url);
    expect(await query(first.socketUrl, local)).toEqual([[true]]);
    expect(await query(first.url, local)).toEqual([[false]]);
    expect((await stat(inFolder('postgres.socket'))).mode & 0o777).toBe(0o700);
    first.kill('SIGKILL');
    await first.exited;
    const second = await start({ port: first.port });
    expect(await query(second.socketUrl, local)).toEqual([[true]]);
  });

  it('serves over TCP alone where the path is too long for a socket', async () => {
    const postgres = await start({ dataDir: inFolder('x'.repeat(90), 'postgres') });
    expect(postgres.socketUrl).toBe(postgres.url);
    expect(await query(postgres.url, 'select 1')).toEqual([[1]]);
  });

  it('recovers from kill -9 of the postmaster', async () => {
    const first = await start({ settings: { shared_buffers: '16MB' } });
    await query(first.url, 'create table kept as select 42 as answer');
    expect(first.kill('SIGKILL')).toBe(true);
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(first.kill('SIGKILL')).toBe(false);
    const second = await start();
    expect(await query(second.url, 'select answer from kept')).toEqual([[42]]);
  });

  it.each(['url', 'socketUrl'] as const)('survives kill -9 of a backend: %s', async (way) => {
    const postgres = await start();
    const client = new pg.Client({ connectionString: postgres[way] });
    client.on('error', () => undefined);
    await client.connect();
    const lost = new Promise((resolve) => client.once('end', resolve));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backends = await postgres.backendPids();
    expect(backends).toEqual([rows[0]?.pid]);
    process.kill(backends[0]!, 'SIGKILL');
    await lost;
    expect(await eventually(() => query(postgres.url, 'select 1'))).toEqual([[1]]);
  });

  it('runs beside another of its kind and whoever holds port 5432', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => {
      // Somebody else holding it already serves the purpose as well.
      holder.once('error', () => resolve());
      holder.listen(5432, '127.0.0.1', resolve);
    });
    const both = [inFolder('one'), inFolder('two')].map((dataDir) => start({ dataDir }));
    const [one, two] = await Promise.all(both);
    expect(new Set([5432, one?.port, two?.port]).size).toBe(3);
    expect(await query(one!.url, 'select 1')).toEqual([[1]]);
    expect(await query(two!.url, 'select 1')).toEqual([[1]]);
    holder.close();
  });

  it('refuses a folder that is in use, saying by whom', async () => {
    await start();
    await expect(start()).rejects.toThrow(`already run by process ${process.pid}`);
  });

  it('shows the last log lines of a start that fails', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(/ended before it was ready[^]*already in use/);
    holder.close();
    // The folder is free again and good.
    await expect(start()).resolves.toBeDefined();
  });

  it('leaves a folder alone that holds something else', async () => {
    await mkdir(inFolder('postgres'));
    await writeFile(inFolder('postgres', 'diary.txt'), 'mine');
    await expect(start()).rejects.toThrow('is not a PostgreSQL data folder');
    await writeFile(inFolder('postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('is PostgreSQL 15, and PostgreSQL 18 is needed');
    expect(await readFile(inFolder('postgres', 'diary.txt'), 'utf8')).toBe('mine');
  });
});
