import { readdir, readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of the process and of its children that have ended, in ticks. */
  readonly ticks: number;
}

/** CPU milliseconds that these processes and all their descendants have used (proc(5), Linux). */
export async function cpuMs(roots: readonly number[]): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = (await Promise.all(pids.map(readStat))).filter((stat) => stat !== undefined);
  const family = new Set(roots);
  for (let grown = true; grown;) {
    const before = family.size;
    for (const { pid, parent } of stats) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  const ticks = stats
    .filter(({ pid }) => family.has(pid))
    .reduce((sum, stat) => sum + stat.ticks, 0);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

async function readStat(pid: string): Promise<Stat | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (line === undefined) return undefined;
  // Fields from the third on: the second is the command in parentheses and may hold spaces.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { pid: Number(pid), parent: Number(fields[1]), ticks };
}
