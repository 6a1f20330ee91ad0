import { spawn } from 'node:child_process';
import { QUERY, readingOf, type GpuReading } from './reading.js';

const LIMIT_MS = 2_000;
const MOST_BYTES = 64 * 1_024;

/** Where it and its library are found. */
export type Surroundings = Readonly<
  Partial<Record<'PATH' | 'LD_LIBRARY_PATH', string | undefined>>
>;

/**
 * Asks `nvidia-smi`, where there is one on the PATH. `gone` resolves when its process is really gone:
 * one that waits for a broken driver survives even SIGKILL.
 *
 * @param gpu index or UUID
 */
export function askNvidiaSmi(
  gpu: string,
  surroundings: Surroundings,
): {
  reading: Promise<GpuReading | null>;
  gone: Promise<void>;
} {
  const child = spawn('nvidia-smi', [...QUERY, `--id=${gpu}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // No more of our surroundings than it needs to be found and to find its library.
    env: surroundings,
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < MOST_BYTES) text += chunk;
    else child.kill('SIGKILL');
  });
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const reading = new Promise<GpuReading | null>((resolve) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      // Neither it nor what it may have started keeps this process from ending.
      child.stdout.destroy();
      child.unref();
      resolve(null);
    }, LIMIT_MS);
    const end = (result: GpuReading | null) => {
      clearTimeout(limit);
      resolve(result);
    };
    child.once('error', () => end(null));
    child.once('close', (code) => end(code === 0 ? readingOf(text) : null));
  });
  return { reading, gone };
}
