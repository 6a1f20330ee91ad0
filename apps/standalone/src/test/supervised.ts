import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const OUTPUT_KEPT = 1_000_000;

/** What a process needs from us, and what it is called in messages. */
export interface Program {
  readonly name: string;
  /** Entry file, relative to this compiled file. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Of ours, a program gets these and no more: where programs are, and code that is compiled already. */
const inherited = Object.fromEntries(
  ['PATH', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/**
 * A service process as Kubernetes would keep it: started again whenever it ends, until stopped.
 * `kill` ends it the hard way; the next one is on its way before `kill` returns.
 */
export class Supervised {
  private child: ChildProcess | undefined;
  private stopping = false;
  restarts = 0;
  /** Exit codes of those that ended; `null` for one that a signal ended. */
  readonly exits: (number | null)[] = [];
  output = '';

  constructor(private readonly program: Program) {
    this.launch();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child?.kill(signal);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(impatience);
  }

  private launch(): void {
    const { entry, args = [], env } = this.program;
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL(entry, import.meta.url)), ...args],
      {
        env: { ...inherited, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-OUTPUT_KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', (code) => {
      this.exits.push(code);
      if (this.stopping) return;
      this.restarts += 1;
      this.launch();
    });
    this.child = child;
  }
}

/** Runs a program to its end. @throws Error with its output when it fails. */
export function runToEnd({ name, entry, args = [], env }: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL(entry, import.meta.url)), ...args],
      {
        env: { ...inherited, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${name} ended with ${code}:\n${output}`)),
    );
  });
}
