import type { KeyObject } from 'node:crypto';
import { createKey, readKeyFile } from '@safelight/config';

export { createKey as createWebhookKey };

/**
 * The key that seals signing secrets at rest: a copy of the database alone forges nothing.
 * @throws ConfigError when the file is missing or holds something else
 */
export const readWebhookKey = (path: string): Promise<KeyObject> =>
  readKeyFile('WEBHOOK_KEY_FILE', 'the key of signing secrets', path);
