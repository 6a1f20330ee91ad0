import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The decoding processes that belong to a process, by `/proc`; the dead and unburied count too. */
export function decodersOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const stat = contentOf(`/proc/${pid}/stat`);
    const parentPid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parentPid !== parent) return false;
    return stat.includes(') Z ') || contentOf(`/proc/${pid}/cmdline`).includes('process/child.js');
  });
}

const contentOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

const stateOf = (pid: number) => /\) (\w) /.exec(contentOf(`/proc/${pid}/stat`))?.[1] ?? '';

/** For processes that are not our children: nobody tells us of their end, and somebody buries them. */
export const allGone = (pids: readonly number[]): Promise<boolean> =>
  eventually(() => pids.every((pid) => ['', 'Z'].includes(stateOf(pid))));

/** @returns whether nothing is left of the processes, not even their exit codes */
export const allBuried = (pids: readonly number[]): Promise<boolean> =>
  eventually(() => pids.every((pid) => stateOf(pid) === ''));

async function eventually(holds: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await pause(10);
  }
  return true;
}
