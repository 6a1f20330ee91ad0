import type { KeyObject } from 'node:crypto';
import { createKey, readKeyFile } from '@safelight/config';

export { createKey as createCaseKey };

/**
 * The master key that wraps the key of every appeal, consent and report.
 * @throws ConfigError when the file is missing or holds something else
 */
export const readCaseKey = (path: string): Promise<KeyObject> =>
  readKeyFile('CASE_KEY_FILE', 'the master key of what people wrote in cases', path);
