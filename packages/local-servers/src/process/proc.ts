import { readFile, readdir, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../error-code.js';

/** A process as `/proc` shows it. */
export interface ProcessEntry {
  pid: number;
  parentPid: number;
  /** Arguments, the program first; a PostgreSQL child shows one string such as `postgres: …`. */
  args: string[];
}

/** Every process we may look at, zombies left out: they hold nothing any more. */
export async function processes(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc');
  const entries = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => processEntry(Number(name))),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** One process, or `undefined` when it is gone or a zombie. */
export async function processEntry(pid: number): Promise<ProcessEntry | undefined> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    // The second field is the program's name in brackets and may itself hold brackets and spaces.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const args = commandLine.split('\0').filter((part) => part !== '');
    return { pid, parentPid: Number(parent), args };
  } catch {
    return undefined;
  }
}

/** The process's working folder, or `undefined` when it is gone or not ours to see. */
export async function workingFolder(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}

/** Sends a signal to a process that may have gone meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/**
 * Waits until none of the processes lives. They are not our children, so the kernel tells us
 * nothing: we look every 20 ms.
 *
 * @returns whether all were gone within `timeoutMs`
 */
export async function allGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = await Promise.all(pids.map(processEntry));
    if (left.every((entry) => entry === undefined)) return true;
    if (Date.now() > deadline) return false;
    await delay(20);
  }
}
