import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { claimFolder } from '../process/folder-claim.js';
import { connects } from '../process/loopback.js';
import { allGone, processes, signalProcess } from '../process/proc.js';
import { ServerProcess, type ServerExit } from '../process/server-process.js';
import { defaultToolsDir } from '../tools-folder.js';
import { findNatsServer, type NatsProgram, type NatsSearch } from './find-nats-server.js';
import { natsConfig } from './nats-config.js';

const STOP_GRACE_MS = 10_000;

/**
 * With one thread for its Go code a message need not wake another thread on its way: a quarter less
 * processor time, and a laptop's traffic is far from one thread's limit.
 */
const oneThread = 'GOMAXPROCS=1';

export interface NatsOptions extends Partial<NatsSearch> {
  /** Folder for JetStream's files and the server's settings; made when missing. */
  storeDir: string;
  /** A port of 127.0.0.1; a free one, chosen by the server, when absent. */
  port?: number;
  /** Log file to append to; without one the last lines are kept in memory. */
  log?: string;
  /** Serve the HTTP monitor, on a free port. */
  monitor?: boolean;
  /** How long the start may take, reading the store included; 60 s by default. */
  startTimeoutMs?: number;
}

/** A running nats-server that belongs to this process. `url` and `port` outlive restarts. */
export interface LocalNats {
  readonly url: string;
  /** Address of the HTTP monitor, when it was asked for. */
  readonly monitorUrl: string | undefined;
  readonly port: number;
  /** Changes with every restart. */
  readonly pid: number;
  readonly version: string;
  /** The end of the server that runs now. */
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): boolean;
  /** Stops the server if it still runs and starts it again on the same port and store. */
  restart(): Promise<void>;
}

/**
 * Finds or fetches a nats-server and starts it with JetStream on 127.0.0.1, for this machine only
 * and without passwords.
 *
 * @throws one sentence naming the cause and, where the server spoke, its last log lines
 */
export async function startNats(options: NatsOptions): Promise<LocalNats> {
  const program = await findNatsServer({
    ...options,
    toolsDir: options.toolsDir ?? defaultToolsDir,
  });
  let current = await startOnce(options, program, options.port);
  const { port } = current;
  const stop = async () => {
    await current.server.stop('SIGTERM', STOP_GRACE_MS);
    await current.exited;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    version: program.version,
    get monitorUrl() {
      return current.monitorUrl;
    },
    get pid() {
      return current.server.pid;
    },
    get exited() {
      return current.exited;
    },
    stop,
    kill: (signal) => current.server.kill(signal),
    restart: async () => {
      await stop();
      current = await startOnce(options, program, port);
    },
  };
}

interface Running {
  server: ServerProcess;
  port: number;
  monitorUrl: string | undefined;
  exited: Promise<ServerExit>;
}

async function startOnce(
  options: NatsOptions,
  program: NatsProgram,
  port: number | undefined,
): Promise<Running> {
  await mkdir(resolve(options.storeDir), { recursive: true, mode: 0o755 });
  const storeDir = await realpath(options.storeDir);
  const claim = await claimFolder(storeDir, 'A nats-server');
  const configFile = join(storeDir, 'nats.conf');
  let server: ServerProcess | undefined;
  try {
    await endLingering(configFile);
    await writeFile(configFile, natsConfig({ storeDir, port, monitor: options.monitor ?? false }));
    server = await ServerProcess.start({
      name: 'nats-server',
      command: 'env',
      args: [oneThread, program.path, '-c', configFile],
      parentDeathSignal: 'SIGTERM',
      log: options.log,
    });
    const ports = await readiness(server, options);
    // The folder is free again before anybody hears that the server ended: they may start anew.
    const exited = server.exited.then(async (exit) => {
      await claim.release();
      return exit;
    });
    return { server, exited, ...ports };
  } catch (error) {
    await server?.stop('SIGTERM', STOP_GRACE_MS);
    await claim.release();
    throw error;
  }
}

/** Waits until the server serves, and reads from its log which ports it took. */
async function readiness(
  server: ServerProcess,
  { monitor, startTimeoutMs = 60_000 }: NatsOptions,
): Promise<{ port: number; monitorUrl: string | undefined }> {
  await server.waitForLine(/Server is ready/, startTimeoutMs);
  const clients = /Listening for client connections on 127\.0\.0\.1:(\d+)/;
  const port = Number((await server.waitForLine(clients, startTimeoutMs))[1]);
  await connects(port);
  if (!monitor) return { port, monitorUrl: undefined };
  const line = await server.waitForLine(/http monitor on (127\.0\.0\.1:\d+)/, startTimeoutMs);
  return { port, monitorUrl: `http://${line[1]}` };
}

/** Ends a server that a killed launcher left: only ours was ever started with this settings file. */
async function endLingering(configFile: string): Promise<void> {
  const all = await processes();
  const ours = all.filter(({ args }) => args.at(-2) === '-c' && args.at(-1) === configFile);
  const pids = ours.map((entry) => entry.pid);
  for (const pid of pids) signalProcess(pid, 'SIGTERM');
  if (await allGone(pids, STOP_GRACE_MS)) return;
  for (const pid of pids) signalProcess(pid, 'SIGKILL');
  await allGone(pids, STOP_GRACE_MS);
}
