import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installOnce } from '../tools-folder.js';
import { debianMirrors } from './debian-mirrors.js';
import {
  debianBuilds,
  debianPool,
  natsVersion,
  vendorArchive,
  type DebianBuild,
} from './pinned-release.js';

const run = promisify(execFile);

export interface NatsFetch {
  toolsDir: string;
  /** Addresses of Debian mirrors up to `/debian`; the machine's own and Debian's when absent. */
  mirrors?: readonly string[];
  /** Debian's build to fetch; the pinned one for this processor when absent. */
  build?: DebianBuild;
  /** Folder of the vendor's release; empty: do not ask there. */
  vendorFolder?: string;
}

/** Where the fetched server lies, or would lie. */
export const fetchedNatsServer = (toolsDir: string) =>
  join(toolsDir, `nats-server-${natsVersion}`, 'nats-server');

/**
 * Fetches the pinned nats-server: Debian's package from a mirror, checked against our digest, else
 * the vendor's archive, checked against the digests published beside it.
 *
 * @returns the program's path
 * @throws one sentence naming what was tried and the remedy
 */
export async function fetchNatsServer(wanted: NatsFetch): Promise<string> {
  const refusals: string[] = [];
  const work = await mkdtemp(join(tmpdir(), 'safelight-nats-'));
  try {
    for (const way of await waysToFetch(wanted)) {
      try {
        const program = await way.fetch(work);
        await installOnce(wanted.toolsDir, `nats-server-${natsVersion}`, async (folder) => {
          await copyFile(program, join(folder, 'nats-server'));
          await chmod(join(folder, 'nats-server'), 0o755);
        });
        return fetchedNatsServer(wanted.toolsDir);
      } catch (error) {
        refusals.push(`${way.from}: ${shortReason(error)}`);
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  throw new Error(
    `nats-server is neither installed nor to be had (${refusals.join('; ')}): install ` +
      'nats-server 2.10 or newer on the PATH, or let this machine reach a Debian mirror.',
  );
}

interface Way {
  from: string;
  fetch: (work: string) => Promise<string>;
}

async function waysToFetch(wanted: NatsFetch): Promise<Way[]> {
  const mirrors = wanted.mirrors ?? (await debianMirrors());
  const ways: Way[] = mirrors.map((mirror) => ({
    from: mirror,
    fetch: (work) => fromDebian(mirror, work, wanted.build ?? debianBuilds[process.arch]),
  }));
  const vendor = wanted.vendorFolder ?? vendorArchive(process.arch).folder;
  if (vendor !== '') ways.push({ from: vendor, fetch: (work) => fromVendor(vendor, work) });
  return ways;
}

async function fromDebian(
  mirror: string,
  work: string,
  build: DebianBuild | undefined,
): Promise<string> {
  if (build === undefined) throw new Error(`no build for ${process.arch}`);
  const file = join(work, build.file);
  await download(`${mirror}/${debianPool}/${build.file}`, file);
  await verify(file, build.sha256);
  // Unpacking a package's files needs no root, and runs none of its scripts.
  await run('dpkg-deb', ['-x', file, join(work, 'debian')]);
  return join(work, 'debian', 'usr', 'sbin', 'nats-server');
}

// Tried against a stand-in only: the machine this was written on cannot reach the vendor's site.
async function fromVendor(folder: string, work: string): Promise<string> {
  const { file: name } = vendorArchive(process.arch);
  const [archive, digests] = [join(work, name), join(work, 'SHA256SUMS')];
  await download(`${folder}/SHA256SUMS`, digests);
  const lines = (await readFile(digests, 'utf8')).split('\n').map((line) => line.split(/\s+\*?/));
  const digest = lines.find(([, file]) => file === name)?.[0];
  if (digest === undefined) throw new Error(`no digest for ${name} in SHA256SUMS`);
  await download(`${folder}/${name}`, archive);
  await verify(archive, digest);
  await run('tar', ['-xzf', archive, '-C', work, '--strip-components=1']);
  return join(work, 'nats-server');
}

async function download(url: string, file: string): Promise<void> {
  const script = fileURLToPath(new URL('./download-file.js', import.meta.url));
  // Honour the machine's proxy variables, where this Node can.
  const proxy = ['--use-env-proxy'].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag));
  await run(process.execPath, [...proxy, script, url, file]);
}

async function verify(file: string, sha256: string): Promise<void> {
  const found = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (found !== sha256) throw new Error(`wrong checksum, ${found} instead of ${sha256}`);
}

/** What a failed command said last, or the error itself, on one line. */
function shortReason(error: unknown): string {
  const { stderr, message, code, path } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT' && path !== undefined) return `${path} is missing on this machine`;
  const lines = (stderr ?? '').trim() || message;
  return lines.split('\n').at(-1) ?? message;
}
