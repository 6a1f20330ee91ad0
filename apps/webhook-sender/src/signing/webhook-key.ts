import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '@safelight/config';

const KEY_BYTES = 32;
const VARIABLE = 'WEBHOOK_KEY_FILE';

/** A fresh key as its file holds it: 32 random bytes, base64. */
export const createWebhookKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * The key that seals signing secrets at rest: a copy of the database alone forges nothing.
 * @throws ConfigError when the file is missing or holds something else; never repeats what it holds
 */
export async function readWebhookKey(path: string): Promise<KeyObject> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${VARIABLE}: the key of signing secrets is not there: ${why}`);
  });
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigError(
      `${VARIABLE}: must hold ${KEY_BYTES} bytes in base64; make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return createSecretKey(bytes);
}
