import { readFileSync } from 'node:fs';

/** What a process has used since it began. */
export type Usage = Readonly<{
  cpuMs: number;
  /** The most memory it ever had resident, in bytes. */
  peakMemoryBytes: number;
}>;

/** The kernel counts processor time in hundredths of a second, on every architecture. */
const tickMs = 10;

/** @returns undefined when the process is gone, or this is no Linux */
export function usageOf(pid: number): Usage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const peakKib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets, which may contain blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    // A process that has died but was not yet reaped has no memory.
    if (peakKib === undefined || Number.isNaN(ticks)) return undefined;
    return { cpuMs: ticks * tickMs, peakMemoryBytes: Number(peakKib) * 1024 };
  } catch {
    return undefined;
  }
}
