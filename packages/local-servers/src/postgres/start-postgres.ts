import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { claimFolder } from '../process/folder-claim.js';
import { connects, freePort } from '../process/loopback.js';
import { processes } from '../process/proc.js';
import type { RunAs } from '../process/run-as.js';
import { ServerProcess, type ServerExit } from '../process/server-process.js';
import { defaultToolsDir } from '../tools-folder.js';
import { postgresBinaries } from './binaries.js';
import { ensureCluster } from './cluster.js';
import { serverUser } from './server-user.js';
import {
  environment,
  serverArguments,
  superuser,
  type PostgresSettings,
  type ServerPlace,
} from './settings.js';
import { socketFolder } from './socket-folder.js';
import { takeOver } from './take-over.js';

const STOP_GRACE_MS = 20_000;
const PORT_ATTEMPTS = 5;

export interface PostgresOptions {
  /** The cluster's own folder; made when missing. Its password lies beside it. */
  dataDir: string;
  /** Log file to append to; without one the last lines are kept in memory. */
  log?: string;
  /** A port of 127.0.0.1; a free one when absent. */
  port?: number;
  /** Settings by PostgreSQL's own names, e.g. `{ fsync: 'off' }` for a throw-away database. */
  settings?: PostgresSettings;
  /** Where a copy of the programs goes when the package's folder is read-only. */
  toolsDir?: string;
  /** How long the start may take, recovery after a crash included; 120 s by default. */
  startTimeoutMs?: number;
}

/** A running PostgreSQL that belongs to this process. */
export interface LocalPostgres {
  /** Connects the superuser to the database `postgres`; holds the password. */
  readonly url: string;
  /**
   * The same over a Unix-domain socket, which takes a tenth less processor time at both ends for
   * each round trip; `url` itself where the data folder's path is too long for one.
   */
  readonly socketUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly binDir: string;
  readonly exited: Promise<ServerExit>;
  /** Pids of the backends that serve clients at this moment (for crash tests). */
  backendPids(): Promise<number[]>;
  /** Fast shutdown: open transactions are rolled back. Insists with SIGKILL after 20 s. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
}

/**
 * Starts a private PostgreSQL on a data folder, after making the folder a cluster if it is empty
 * and ending what a killed launcher may have left running on it.
 *
 * @throws one sentence naming the cause and, where the server spoke, its last log lines
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const dataDir = await settled(options.dataDir);
  const claim = await claimFolder(dataDir, 'A PostgreSQL');
  try {
    const binDir = await postgresBinaries(options.toolsDir ?? defaultToolsDir);
    const runAs = await serverUser(dataDir, binDir);
    await takeOver(dataDir);
    const sync = options.settings?.['fsync'] !== 'off';
    const password = await ensureCluster({ dataDir, binDir, runAs, sync });
    const socketDir = await socketFolder(dataDir, runAs);
    const place = { dataDir, socketDir };
    const { server, port } = await startOnPort({ ...options, ...place }, binDir, runAs);
    // The folder is free again before anybody hears that the server ended: they may start anew.
    const exited = server.exited.then(async (exit) => {
      await claim.release();
      return exit;
    });
    return running(server, { port, socketDir, binDir, password, exited });
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** The folder's path without symbolic links, as the kernel will show it; parents are made. */
async function settled(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const parent = await realpath(dirname(path));
  return realpath(path).catch(() => join(parent, basename(path)));
}

async function startOnPort(
  options: PostgresOptions & Pick<ServerPlace, 'socketDir'>,
  binDir: string,
  runAs: RunAs | undefined,
): Promise<{ server: ServerProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const server = await ServerProcess.start({
      name: 'PostgreSQL',
      command: join(binDir, 'postgres'),
      args: serverArguments({ ...options, port }, options.settings),
      parentDeathSignal: 'SIGINT',
      log: options.log,
      runAs,
      env: environment,
    });
    try {
      await server.waitForLine(/ready to accept connections/, options.startTimeoutMs ?? 120_000);
      await connects(port);
      return { server, port };
    } catch (error) {
      await server.stop('SIGQUIT', STOP_GRACE_MS);
      const lostRace = /Address already in use/.test(server.log.last());
      if (options.port !== undefined || !lostRace || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function running(
  server: ServerProcess,
  facts: Pick<LocalPostgres, 'port' | 'binDir' | 'exited'> & {
    password: string;
    socketDir: string | undefined;
  },
): LocalPostgres {
  const { port, socketDir, binDir, password, exited } = facts;
  const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
  return {
    url,
    socketUrl: socketDir === undefined ? url : `${url}?host=${encodeURIComponent(socketDir)}`,
    port,
    pid: server.pid,
    binDir,
    exited,
    backendPids: () => clientBackends(server.pid),
    stop: async () => {
      await server.stop('SIGINT', STOP_GRACE_MS);
      await exited;
    },
    kill: (signal) => server.kill(signal),
  };
}

/** A backend's title names its client, an address and port or `[local]`, and what it does just now. */
async function clientBackends(postmaster: number): Promise<number[]> {
  const all = await processes();
  return all
    .filter(
      (entry) =>
        entry.parentPid === postmaster && / (\[local\]|\S+\(\d+\)) /.test(entry.args[0] ?? ''),
    )
    .map((entry) => entry.pid);
}
