import { readFileSync } from 'node:fs';
import { ConfigError } from '@safelight/config';

/**
 * The secret by which a server lets its worker in, from a file with nothing else in it.
 *
 * @throws ConfigError
 */
export function readApiKey(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`ENGINE_API_KEY_FILE: ${path} cannot be read: ${String(error)}`);
  }
  if (text === '') throw new ConfigError(`ENGINE_API_KEY_FILE: ${path} is empty`);
  // A header cannot hold it otherwise, and would fail at every call.
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new ConfigError(`ENGINE_API_KEY_FILE: ${path} has to hold one word of ASCII characters`);
  }
  return text;
}

export const bearer = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : `Bearer ${key}`;

/** @param key `user:password`, as `--api-auth` of the WebUI has it */
export const basic = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : `Basic ${Buffer.from(key).toString('base64')}`;
