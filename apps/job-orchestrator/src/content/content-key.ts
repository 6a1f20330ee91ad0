import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '@safelight/config';

const KEY_BYTES = 32;
const VARIABLE = 'CONTENT_KEY_FILE';

/** A fresh master key as its file holds it: 32 random bytes, base64. */
export const createContentKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * The master key that wraps every account's key.
 * @throws ConfigError when the file is missing or holds something else; never repeats what it holds
 */
export async function readContentKey(path: string): Promise<KeyObject> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${VARIABLE}: the master key of customers' content is not there: ${why}`);
  });
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigError(
      `${VARIABLE}: must hold ${KEY_BYTES} bytes in base64; make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return createSecretKey(bytes);
}
