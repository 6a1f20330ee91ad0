/** Where `npm test` keeps what it throws away. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_FOLDER = '/dev/shm';
const NEEDED_BYTES = 6 * 1024 ** 3;

/**
 * A folder that is removed when this process ends, in memory where the machine has plenty: a cluster
 * of PostgreSQL is a thousand files, each test file makes one, and on some disks a new file takes a
 * millisecond. Durability across a power cut is not what the tests show.
 *
 * @returns {string}
 */
export function scratchFolder() {
  const folder = mkdtempSync(join(memoryIsPlenty() ? MEMORY_FOLDER : tmpdir(), 'safelight-test-'));
  // PostgreSQL may run as another user, which must reach what is its own in here.
  chmodSync(folder, 0o755);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.once(signal, () => process.exit(1));
  return folder;
}

/** Whether there is a file system in memory with room, whose programs may be run (tests write some). */
function memoryIsPlenty() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    const [, , , options = ''] = mountOf(MEMORY_FOLDER);
    const availableKiB = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
    const free = Math.min(bavail * bsize, Number(availableKiB?.[1] ?? 0) * 1024 - NEEDED_BYTES);
    return free >= NEEDED_BYTES && options !== '' && !options.split(',').includes('noexec');
  } catch {
    return false;
  }
}

/** The fields of a mount point's line in /proc/mounts. */
function mountOf(/** @type {string} */ folder) {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.map((line) => line.split(' ')).find(([, where]) => where === folder) ?? [];
}
