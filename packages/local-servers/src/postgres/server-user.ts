import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunAs } from '../process/run-as.js';

/**
 * Chooses the user PostgreSQL runs as. An ordinary user runs it as themselves. Root may not run it
 * at all, so the data folder's owner does, or `nobody` while there is none; no user is created.
 *
 * @returns `undefined` when PostgreSQL runs as ourselves
 * @throws when an ordinary user meets a data folder of somebody else
 */
export async function serverUser(dataDir: string, binDir: string): Promise<RunAs | undefined> {
  const self = process.getuid?.() ?? 0;
  const owner = await stat(dataDir).catch(() => undefined);
  if (self !== 0) {
    if (owner === undefined || owner.uid === self) return undefined;
    throw new Error(
      `The data folder ${dataDir} belongs to another user (uid ${owner.uid}): ` +
        'start as that user or as root, or use another folder.',
    );
  }
  const user = owner !== undefined && owner.uid !== 0 ? owner : await nobody();
  const share = join(binDir, '..', 'share', 'postgresql', 'postgres.bki');
  const needed = [join(binDir, 'postgres'), share, dataDir];
  const open = await Promise.all(needed.map((path) => opensTo(path, user.uid, user.gid)));
  if (open.every(Boolean)) return { uid: user.uid, gid: user.gid };
  return { uid: user.uid, gid: user.gid, passFolders: await passingCapability() };
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const users = await readFile('/etc/passwd', 'utf8');
  const [, , uid, gid] = /^nobody:.*$/m.exec(users)?.[0].split(':') ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  throw new Error(
    'PostgreSQL refuses to run as root and this machine has no user nobody to run it as: ' +
      'run Safelight as an ordinary user.',
  );
}

/** Whether the mode bits let a user reach the path (one that does not exist yet is judged by its parents). */
async function opensTo(path: string, uid: number, gid: number): Promise<boolean> {
  const parent = dirname(path);
  if (parent !== path && !(await opensTo(parent, uid, gid))) return false;
  const entry = await stat(path).catch(() => undefined);
  if (entry === undefined || entry.uid === uid) return true;
  const bits = entry.gid === gid ? entry.mode >> 3 : entry.mode;
  const needed = entry.isDirectory() ? 0o1 : 0o4;
  return (bits & needed) === needed;
}

/**
 * The capability that gets the server's user past closed folders, such as a clone under /root:
 * the one that only reads if root has it here, else the stronger one (Docker grants only that).
 */
async function passingCapability(): Promise<'dac_read_search' | 'dac_override'> {
  const status = await readFile('/proc/self/status', 'utf8');
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const has = (bit: bigint) => ((held >> bit) & 1n) === 1n;
  const [dacOverride, dacReadSearch, setpcap] = [1n, 2n, 8n];
  if (has(setpcap) && has(dacReadSearch)) return 'dac_read_search';
  if (has(setpcap) && has(dacOverride)) return 'dac_override';
  throw new Error(
    'PostgreSQL refuses to run as root, and the user nobody may not enter this folder: ' +
      'run Safelight as an ordinary user, or in a folder that every user may enter (chmod o+rx).',
  );
}
