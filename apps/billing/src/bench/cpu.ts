import { readdir, readFile } from 'node:fs/promises';

const MICROS_PER_TICK = 10_000;

/** CPU microseconds that a server and its children have used, ended ones included (Linux). */
export async function serverCpuMicros(pid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const ticks = await Promise.all(pids.map((one) => ticksOf(one, pid)));
  return MICROS_PER_TICK * ticks.reduce((sum, each) => sum + each, 0);
}

/** CPU microseconds of this process. */
export function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function ticksOf(pid: string, server: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return 0;
  // Fields from the third on: the second is the command in parentheses and may hold spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const isServer = Number(pid) === server;
  if (!isServer && fields[1] !== server) return 0;
  const ticks = (at: number) => fields[at] ?? 0;
  const ended = isServer ? ticks(13) + ticks(14) : 0;
  return ticks(11) + ticks(12) + ended;
}
