import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from './config-error.js';

const KEY_BYTES = 32;

/** A fresh key as its file holds it: 32 random bytes, base64. */
export const createKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * A key that a deployment mounts as a file.
 *
 * @param variable that names the file
 * @param what the key is, for the message: "the master key of …"
 * @throws ConfigError when the file is missing or holds something else; never repeats what it holds
 */
export async function readKeyFile(
  variable: string,
  what: string,
  path: string,
): Promise<KeyObject> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${variable}: ${what} is not there: ${why}`);
  });
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigError(
      `${variable}: must hold ${KEY_BYTES} bytes in base64; make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return createSecretKey(bytes);
}
