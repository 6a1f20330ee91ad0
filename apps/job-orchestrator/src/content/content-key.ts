import type { KeyObject } from 'node:crypto';
import { createKey, readKeyFile } from '@safelight/config';

export { createKey as createContentKey };

/**
 * The master key that wraps every account's key.
 * @throws ConfigError when the file is missing or holds something else
 */
export const readContentKey = (path: string): Promise<KeyObject> =>
  readKeyFile('CONTENT_KEY_FILE', "the master key of customers' content", path);
