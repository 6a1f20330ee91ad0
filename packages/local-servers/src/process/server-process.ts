import { spawn, type ChildProcess } from 'node:child_process';
import { LogTail } from './log-tail.js';
import { commandFor, type RunAs } from './run-as.js';

/** How a server ended: an exit code or the signal that ended it. */
export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerCommand {
  /** Name for messages, e.g. `PostgreSQL`. */
  name: string;
  command: string;
  args: string[];
  /** What the kernel sends the server if this process dies without stopping it. */
  parentDeathSignal: NodeJS.Signals;
  log?: string | undefined;
  runAs?: RunAs | undefined;
  /** The server's whole environment; our own when absent. */
  env?: Record<string, string> | undefined;
}

// How long the last log lines may lag behind a server's end. Its pipes can stay open much longer:
// backends of a killed PostgreSQL hold them.
const LAST_WORDS_MS = 300;

/** One server started by us: its log, its readiness, its end. */
export class ServerProcess {
  readonly exited: Promise<ServerExit>;
  readonly log: LogTail;
  private ended = false;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    logPath: string | undefined,
  ) {
    this.log = new LogTail(logPath);
    if (child.stdout) this.log.follow(child.stdout);
    if (child.stderr) this.log.follow(child.stderr);
    this.exited = new Promise((resolve) => {
      const end = (exit: ServerExit) => {
        if (this.ended) return;
        this.ended = true;
        this.log.close();
        resolve(exit);
      };
      child.once('close', (code, signal) => end({ code, signal }));
      child.once('exit', (code, signal) => {
        setTimeout(() => end({ code, signal }), LAST_WORDS_MS);
      });
      child.once('error', () => {
        if (child.pid === undefined) end({ code: 127, signal: null });
      });
    });
  }

  /** Starts the command; rejects when the file cannot be run at all. */
  static async start(server: ServerCommand): Promise<ServerProcess> {
    const { command, args } = await commandFor(server);
    const child = spawn(command, args, {
      // A session of its own, so that Ctrl-C reaches us alone and we stop our servers last.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(server.env === undefined ? {} : { env: server.env }),
    });
    const started = new ServerProcess(server.name, child, server.log);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new Error(`${server.name} could not be run: ${cause.message}`, { cause })),
      );
    });
    return started;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get running(): boolean {
    return !this.ended;
  }

  /**
   * Waits for a line of the server's log.
   *
   * @throws when the server ends first or `timeoutMs` pass, with the log's last lines.
   */
  async waitForLine(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray> {
    const giveUp = new AbortController();
    const fail = (what: string) =>
      giveUp.abort(new Error(`${this.name} ${what}. Its last words:\n${this.log.last()}`));
    const timer = setTimeout(() => fail(`was not ready after ${timeoutMs / 1000} s`), timeoutMs);
    void this.exited.then(({ code, signal }) =>
      fail(`ended before it was ready (${signal ?? `exit code ${String(code)}`})`),
    );
    try {
      return await this.log.waitFor(pattern, giveUp.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a signal; `false` when the server has already ended. */
  kill(signal: NodeJS.Signals): boolean {
    return this.running && this.child.kill(signal);
  }

  /** Asks the server to end, then insists after `graceMs`. Resolves once it is gone. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<ServerExit> {
    const insist = setTimeout(() => this.kill('SIGKILL'), graceMs);
    this.kill(signal);
    try {
      return await this.exited;
    } finally {
      clearTimeout(insist);
    }
  }
}
