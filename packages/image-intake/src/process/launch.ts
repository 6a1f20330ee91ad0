import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Limits } from './limits.js';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const program = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * `--jitless` leaves the process without a page that is both writable and executable, and without
 * the half gigabyte of address space that would make a limit on its data meaningless.
 */
const flags = ['--jitless', '--v8-pool-size=0', '--max-old-space-size=64'];

/** Not secrets, and all that the process gets: one thread for decoding, one pool of memory. */
const environment = { UV_THREADPOOL_SIZE: '1', MALLOC_ARENA_MAX: '1' };

/**
 * Starts a process that decodes. The shell only sets limits that the kernel keeps even when nobody
 * watches, then becomes the process: no core dump, no byte written to any file, few descriptors, an
 * end to its processor time and to its memory, and the first to go when the machine runs short.
 */
export function launch(limits: Limits): Child {
  const startUpSeconds = 5;
  const cpuSeconds = Math.ceil(limits.maxCpuMs / 1000) + startUpSeconds;
  // Twice, because decoders reserve what they never touch; what they touch is watched.
  const dataKib = Math.ceil((limits.maxMemoryBytes * 2) / 1024);
  const script = [
    '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null',
    'ulimit -c 0 && ulimit -f 0 && ulimit -n 64',
    `ulimit -t ${cpuSeconds} && ulimit -d ${dataKib} && exec "$0" "$@"`,
  ].join('\n');
  const numbers = [limits.maxPixels, limits.maxOutputBytes, limits.maxMemoryBytes].map(String);
  return spawn('/bin/sh', ['-c', script, process.execPath, ...flags, program, ...numbers], {
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C meant for the service is no reason to lose the picture in hand.
    detached: true,
  });
}
