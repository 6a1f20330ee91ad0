import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The archive's own addresses, asked after the machine's. */
const defaultMirrors = ['https', 'http'].map((scheme) => `${scheme}://deb.debian.org/debian`);

/**
 * Debian mirrors worth asking: those in the machine's own package sources first, since a closed
 * network may reach nothing else. Digests are pinned, so plain http is good enough.
 */
export async function debianMirrors(aptDir = '/etc/apt'): Promise<string[]> {
  const parts = await readdir(join(aptDir, 'sources.list.d')).catch(() => []);
  const files = ['sources.list', ...parts.map((part) => join('sources.list.d', part))];
  const texts = await Promise.all(
    files.map((file) => readFile(join(aptDir, file), 'utf8').catch(() => '')),
  );
  return [...new Set([...texts.flatMap(mirrorsIn), ...defaultMirrors])];
}

/** Addresses ending in `/debian` in either notation of apt's sources; comments do not count. */
export function mirrorsIn(sources: string): string[] {
  const lines = sources.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const found = lines.join('\n').matchAll(/https?:\/\/[^\s\]]+\/debian(?=\/?(\s|$))/g);
  return [...found].map(([address]) => address);
}
