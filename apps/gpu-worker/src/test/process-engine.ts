import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  EngineCancelled,
  EngineLost,
  type EngineOutput,
  type EngineRequest,
} from '../engine/engine.js';
import { ScriptedEngine } from './scripted-engine.js';

/** Answers every line; a line `run` only when it is told to go on, which nobody does. */
const PROGRAM = `
  require('node:readline').createInterface({ input: process.stdin })
    .on('line', (line) => line === 'ping' && console.log('pong'));`;

/** An engine whose work is done by a process of its own, which can be killed and suspended. */
export class ProcessEngine extends ScriptedEngine {
  private child: ChildProcess | undefined;
  private pongs: (() => void)[] = [];

  constructor() {
    super();
    this.launch();
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  override run(
    request: EngineRequest,
    _onProgress: unknown,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    this.requests.push(request);
    return new Promise((_, reject) => {
      this.child?.once('exit', () => reject(new EngineLost('its process died')));
      signal.addEventListener('abort', () => reject(new EngineCancelled()), { once: true });
    });
  }

  override async health(): Promise<{ ok: boolean; detail: string }> {
    if (this.child === undefined) return { ok: false, detail: 'its process is gone' };
    const answered = new Promise<void>((resolve) => this.pongs.push(resolve));
    this.child.stdin?.write('ping\n');
    await answered;
    return { ok: true, detail: 'alive' };
  }

  override async revive(): Promise<void> {
    this.revivals += 1;
    await this.close();
    this.launch();
  }

  override async close(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  private launch(): void {
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', () => {
      for (const pong of this.pongs.splice(0)) pong();
    });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    this.child = child;
  }
}
