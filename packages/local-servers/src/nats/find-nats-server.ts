import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fetchedNatsServer, fetchNatsServer, type NatsFetch } from './fetch-nats-server.js';
import { natsVersion, oldestNatsVersion } from './pinned-release.js';

const run = promisify(execFile);

/** Debian installs to /usr/sbin, which an ordinary user's PATH leaves out. */
const installedPrograms = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];

export interface NatsSearch extends NatsFetch {
  /** Programs to try before fetching one; those on the PATH when absent. */
  installed?: readonly string[];
  /** Told before a download, which may take a while. */
  note?: (line: string) => void;
}

export interface NatsProgram {
  path: string;
  version: string;
}

/**
 * Finds a nats-server: an installed one that is new enough, else the one fetched earlier, else
 * fetches the pinned release.
 *
 * @throws one sentence naming the remedy when there is none to be had
 */
export async function findNatsServer(search: NatsSearch): Promise<NatsProgram> {
  const known = [...(search.installed ?? installedPrograms), fetchedNatsServer(search.toolsDir)];
  for (const path of known) {
    const version = await versionOf(path);
    if (version !== undefined && atLeast(version, oldestNatsVersion)) return { path, version };
  }
  search.note?.(`Fetching nats-server ${natsVersion} (5 MB) into ${search.toolsDir}`);
  const path = await fetchNatsServer(search);
  const version = await versionOf(path);
  if (version !== undefined) return { path, version };
  throw new Error(
    `The fetched nats-server ${path} does not run on this machine: ` +
      'install nats-server 2.10 or newer on the PATH.',
  );
}

/** The version a program states, or `undefined` when it is missing or does not run. */
async function versionOf(path: string): Promise<string | undefined> {
  const stated = await run(path, ['--version'], { timeout: 10_000 }).catch(() => undefined);
  return /v?(\d+\.\d+\.\d+)/.exec(stated?.stdout ?? '')?.[1];
}

/** Compares dotted versions number by number, so that 2.9 is older than 2.10. */
export function atLeast(version: string, oldest: string): boolean {
  const [have, need] = [version, oldest].map((text) => text.split('.').map(Number));
  for (const [index, part] of (need ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
