/**
 * A program of its own: `node download-file.js <url> <file>`.
 *
 * It runs apart so that Node's proxy switch, which the machine may need to reach a mirror, holds
 * for this download alone: no other request of ours may ever go through a proxy unseen.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [url, file] = process.argv.slice(2);
if (url === undefined || file === undefined) {
  throw new Error('usage: node download-file.js <url> <file>');
}

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
} catch (error) {
  // fetch says only that it failed; why stands in the cause.
  const { message, cause } = error as Error & { cause?: Error };
  process.stderr.write(`${cause?.message || message}\n`);
  process.exitCode = 1;
}
