import { chown, mkdir, rm } from 'node:fs/promises';
import type { RunAs } from '../process/run-as.js';

/** What the kernel takes as a socket's path, its final zero left out. */
const LONGEST_PATH_BYTES = 107;

/**
 * Makes an empty folder beside a cluster for its Unix-domain socket, which only the server's user
 * and root may enter. Whatever a killed server left in an earlier one goes: the caller holds the
 * cluster's claim.
 *
 * @returns `undefined` where the folder's path is too long to hold a socket
 */
export async function socketFolder(
  dataDir: string,
  runAs: RunAs | undefined,
): Promise<string | undefined> {
  const folder = `${dataDir}.socket`;
  await rm(folder, { recursive: true, force: true });
  // PostgreSQL separates several folders by commas.
  if (folder.includes(',')) return undefined;
  if (Buffer.byteLength(`${folder}/.s.PGSQL.65535.lock`) > LONGEST_PATH_BYTES) return undefined;
  await mkdir(folder, { mode: 0o700 });
  if (runAs) await chown(folder, runAs.uid, runAs.gid);
  return folder;
}
