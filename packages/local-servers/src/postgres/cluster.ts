import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../error-code.js';
import { commandFor, type RunAs } from '../process/run-as.js';
import { environment, majorVersion, superuser } from './settings.js';

const run = promisify(execFile);

/**
 * Sees to it that `dataDir` holds a database cluster, made with `initdb` when it is empty.
 *
 * The cluster is made beside its place and renamed, so that an interrupted start leaves nothing
 * half made. The superuser's password is written first, as `<dataDir>.password` (mode 0600).
 *
 * @returns the superuser's password
 * @throws when the folder holds something else, another major version, or lost its password file
 */
export async function ensureCluster(cluster: {
  dataDir: string;
  binDir: string;
  runAs: RunAs | undefined;
  /** Wait until the new files are on the disk (not worth it for a throw-away database). */
  sync: boolean;
}): Promise<string> {
  const { dataDir } = cluster;
  const passwordFile = `${dataDir}.password`;
  // Parents stay open: PostgreSQL may run as another user, which must reach its own folder.
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o755 });
  if (await holdsCluster(dataDir)) return readPassword(passwordFile, dataDir);
  const password = (await readIfThere(passwordFile)) ?? randomBytes(24).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const draft = `${dataDir}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (cluster.runAs) {
    await chown(draft, cluster.runAs.uid, cluster.runAs.gid);
    await chown(passwordFile, cluster.runAs.uid, cluster.runAs.gid);
  }
  await initdb({ ...cluster, draft, passwordFile });
  await rename(draft, dataDir);
  return password;
}

async function holdsCluster(dataDir: string): Promise<boolean> {
  const entries = await readdir(dataDir).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return false;
  const version = (await readIfThere(join(dataDir, 'PG_VERSION')))?.trim();
  if (version === majorVersion) return true;
  const found =
    version === undefined ? 'is not a PostgreSQL data folder' : `is PostgreSQL ${version}`;
  throw new Error(
    `${dataDir} ${found}, and PostgreSQL ${majorVersion} is needed: use another folder.`,
  );
}

async function readPassword(path: string, dataDir: string): Promise<string> {
  const password = await readIfThere(path);
  if (password !== undefined) return password;
  throw new Error(
    `The password file ${path} is gone, so nobody can log in to ${dataDir}: ` +
      'put it back, or remove both to start afresh.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

async function initdb(cluster: {
  binDir: string;
  draft: string;
  passwordFile: string;
  runAs: RunAs | undefined;
  sync: boolean;
}): Promise<void> {
  const args = ['-D', cluster.draft, '-U', superuser, `--pwfile=${cluster.passwordFile}`];
  args.push('--locale=C', '-E', 'UTF8', '--auth=scram-sha-256', '--data-checksums');
  args.push('--no-instructions', ...(cluster.sync ? [] : ['--no-sync']));
  const made = await commandFor({
    command: join(cluster.binDir, 'initdb'),
    args,
    runAs: cluster.runAs,
    parentDeathSignal: 'SIGTERM',
  });
  try {
    await run(made.command, made.args, { env: environment, cwd: '/' });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const words = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`PostgreSQL's initdb failed. Its last words:\n${words}`, { cause });
  }
}
