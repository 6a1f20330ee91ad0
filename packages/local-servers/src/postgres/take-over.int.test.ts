import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { connects, freePort } from '../process/loopback.js';
import { allGone } from '../process/proc.js';
import { commandFor } from '../process/run-as.js';
import { eventually, testFolder } from '../test-folder.js';
import { serverUser } from './server-user.js';
import { environment, serverArguments } from './settings.js';
import { startPostgres, type LocalPostgres } from './start-postgres.js';

const { inFolder, atEnd } = testFolder();
const settings = { fsync: 'off', shared_buffers: '16MB' };
let binDir = '';

async function start(): Promise<LocalPostgres> {
  const postgres = await startPostgres({ dataDir: inFolder('pg'), settings });
  atEnd(() => postgres.stop());
  return postgres;
}

/** Runs a program as PostgreSQL's user, tied to nobody, as a killed launcher would leave it. */
async function stray(program: string, args: string[]): Promise<number> {
  const runAs = await serverUser(inFolder('pg'), binDir);
  const { command, args: all } = await commandFor({ command: program, args, runAs });
  const child = spawn(command, all, { stdio: 'ignore', env: environment, detached: true });
  const ended = once(child, 'exit');
  atEnd(() => {
    child.kill('SIGINT');
    return ended;
  });
  await once(child, 'spawn');
  return child.pid!;
}

beforeEach(async () => {
  const postgres = await start();
  binDir = postgres.binDir;
  await postgres.stop();
});

describe('starting on a folder that a killed launcher left', () => {
  it('ends the postmaster that still runs there, its sessions too, and starts anew', async () => {
    const port = await freePort();
    const args = serverArguments({ dataDir: inFolder('pg'), port }, settings);
    const left = await stray(join(binDir, 'postgres'), args);
    await eventually(() => connects(port));
    const session = connect(port, '127.0.0.1');
    await once(session, 'connect');
    session.on('error', () => undefined);
    const postgres = await start();
    expect(await allGone([left], 0)).toBe(true);
    expect(postgres.pid).not.toBe(left);
    await connects(postgres.port);
    session.destroy();
  });

  it('does not touch a PostgreSQL that somebody else runs there', async () => {
    const port = await freePort();
    const args = ['-D', inFolder('pg'), '-p', String(port), '-c', 'unix_socket_directories='];
    const foreign = await stray(join(binDir, 'postgres'), args);
    await eventually(() => connects(port));
    await expect(start()).rejects.toThrow(`in use by process ${foreign}, which Safelight did not`);
    await connects(port);
  });

  it('ignores a lock file whose pid now belongs to a stranger', async () => {
    const stranger = await stray('sleep', ['600']);
    const crashed = await start();
    const lock = await readFile(inFolder('pg', 'postmaster.pid'), 'utf8');
    crashed.kill('SIGKILL');
    await crashed.exited;
    await writeFile(inFolder('pg', 'postmaster.pid'), lock.replace(/^\d+/, String(stranger)));
    const postgres = await start();
    await connects(postgres.port);
    expect(await allGone([stranger], 0)).toBe(false);
  });
});
