/**
 * The calm way to run a program: one line with the time it took, and its output only if it failed.
 * Runs on the Node 20 of a bare machine, before anything is installed: plain JavaScript.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Our environment with the project's own programs first, Node 24 among them. */
export const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
};

// Programs cannot see where their output will end up: we keep it and print it later.
const colour = { FORCE_COLOR: process.stdout.isTTY ? '1' : '0', NO_COLOR: undefined };

/** Something the user can mend; its message is one sentence and needs no stack trace. */
export class Refusal extends Error {}

/**
 * @typedef {object} Outcome
 * @property {boolean} ok
 * @property {string} output both streams, as they came
 * @property {number} seconds
 */

/**
 * Runs a program to its end, quietly.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ timeoutMs?: number, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Outcome>}
 */
export function runQuietly(command, args, { timeoutMs = 900_000, env = environment } = {}) {
  const startedMs = Date.now();
  return new Promise((resolve) => {
    const stdio = /** @type {const} */ (['ignore', 'pipe', 'pipe']);
    const child = spawn(command, args, { cwd: root, env: { ...env, ...colour }, stdio });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      output += `\nended after ${timeoutMs / 1000} s without a result`;
      child.kill('SIGKILL');
    }, timeoutMs);
    const end = (/** @type {boolean} */ ok) => {
      clearTimeout(timer);
      resolve({ ok, output: output.trim(), seconds: (Date.now() - startedMs) / 1000 });
    };
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/**
 * Runs a step and prints one line: first what is being done, then how long it took.
 *
 * @param {string} what
 * @param {Promise<Outcome>} outcome
 */
export async function announced(what, outcome) {
  process.stdout.write(`${what} …`.padEnd(40));
  const { seconds } = await outcome;
  process.stdout.write(`${seconds.toFixed(1).padStart(6)} s\n`);
  return outcome;
}
