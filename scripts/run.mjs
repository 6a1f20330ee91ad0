/**
 * `npm start` and its like: prepares what is missing, then runs a program of ours on Node 24.
 * The first argument is its file, the rest are its own.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { environment, Refusal, root } from './step.mjs';

/**
 * Runs the program with our streams and waits for its end.
 *
 * @returns {Promise<number>} its exit code
 */
function run(/** @type {string} */ node, /** @type {string} */ file, /** @type {string[]} */ args) {
  const cache = join(root, '.safelight', 'cache');
  const env = { ...environment, NODE_COMPILE_CACHE: cache };
  const child = spawn(node, [join(root, file), ...args], { cwd: root, env, stdio: 'inherit' });
  // Ctrl-C reaches the app by itself: it belongs to the same terminal. We only wait for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
}

try {
  const [file = '', ...args] = process.argv.slice(2);
  process.exitCode = await run(await prepare(), file, args);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
