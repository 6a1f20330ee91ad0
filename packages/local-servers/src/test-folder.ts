import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

export interface TestFolder {
  /** A path inside the folder of the test that runs now. */
  inFolder: (...parts: string[]) => string;
  /** Runs at the test's end, the last one first, before the folder goes. */
  atEnd: (cleanUp: () => unknown) => void;
}

/**
 * Gives every test of a file a new folder, which other users may enter unless `mode` says
 * otherwise, and removes it afterwards.
 */
export function testFolder(mode = 0o755): TestFolder {
  let folder = '';
  const cleanUps: (() => unknown)[] = [];
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'safelight-servers-')));
    await chmod(folder, mode);
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    inFolder: (...parts) => join(folder, ...parts),
    atEnd: (cleanUp) => cleanUps.push(cleanUp),
  };
}

/** Whether this process may choose the user a server runs as. */
export const isRoot = process.getuid?.() === 0;

/** Repeats an attempt until it succeeds; the last error when it never does within `deadlineMs`. */
export async function eventually<T>(attempt: () => Promise<T>, deadlineMs = 20_000): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
