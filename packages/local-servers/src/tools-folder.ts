import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode } from './error-code.js';

/** Where fetched or copied programs are kept unless told otherwise: `.safelight/tools` of the project. */
export const defaultToolsDir = fileURLToPath(new URL('../../../.safelight/tools', import.meta.url));

/**
 * Makes a tool's folder appear complete or not at all: `fill` works in a folder of its own, which
 * is then renamed. Several processes may do so at once; the first one's folder stays.
 *
 * @returns the tool's final folder
 */
export async function installOnce(
  toolsDir: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const final = join(toolsDir, name);
  await mkdir(toolsDir, { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(join(toolsDir, `.${name}-`));
  try {
    const folder = join(draft, name);
    await mkdir(folder, { mode: 0o755 });
    await fill(folder);
    await rename(folder, final).catch((error: unknown) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    });
    return final;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
