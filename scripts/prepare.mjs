/** Makes a fresh clone ready to run: packages installed, everything built. Does only what is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { announced, Refusal, root, runQuietly } from './step.mjs';

/**
 * Checks the machine and installs the packages.
 *
 * @returns {Promise<string>} the path of a Node 24
 * @throws {Refusal} when the machine will not do, or npm fails
 */
export async function install() {
  checkMachine();
  if (!isInstalled()) {
    // Our packages need no install scripts, so none are run; the rest overrides whatever the
    // user's own npm settings say.
    const flags = ['--ignore-scripts', '--include=dev', '--include=optional'];
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    const ended = runQuietly('npm', ['ci', ...flags, ...quiet]);
    const installed = await announced('Installing the packages', ended);
    if (!installed.ok) throw new Refusal(`Installing the packages failed:\n${installed.output}`);
  }
  return node24();
}

/**
 * Builds every workspace, tests included, which also checks all types. Turbo skips what has not
 * changed since the last time.
 *
 * @returns {Promise<import('./step.mjs').Outcome>}
 */
export async function build() {
  const turbo = join(root, 'node_modules', '.bin', 'turbo');
  return runQuietly(turbo, ['run', 'build', '--output-logs=errors-only']);
}

/**
 * Installs and builds.
 *
 * @returns {Promise<string>} the path of a Node 24
 * @throws {Refusal} when that is not possible
 */
export async function prepare() {
  const node = await install();
  const built = await announced('Building', build());
  if (!built.ok) throw new Refusal(`The build failed:\n${built.output}`);
  return node;
}

function checkMachine() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new Refusal(`Safelight needs Node 20 or newer; this is ${process.version}.`);
  }
  if (process.platform !== 'linux') {
    throw new Refusal(`Safelight runs on Linux; this machine's system is ${process.platform}.`);
  }
}

/** Compares the lockfile with the one npm keeps of what it really installed, at the end of its work. */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = lockedPackages(installedFile);
  const wanted = Object.entries(lockedPackages(join(root, 'package-lock.json')));
  return wanted.every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (entry.link) return found?.resolved === entry.resolved;
    // Packages for other platforms are in the lockfile alone.
    if (found === undefined) return entry.optional === true && !isForThisMachine(entry);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {string} [resolved]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/** @returns {Record<string, LockedPackage>} */
function lockedPackages(/** @type {string} */ file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** Whether it is one of the packages that carry Node or PostgreSQL for exactly this machine. */
function isForThisMachine(/** @type {LockedPackage} */ { os, cpu, libc }) {
  if (!os || !cpu || libc) return false;
  return os.includes(process.platform) && cpu.includes(process.arch);
}

/** @returns {string} */
function node24() {
  const bundled = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Refusal(
    `No Node 24 is packaged for ${process.arch}: install Node 24 or newer and start again.`,
  );
}
