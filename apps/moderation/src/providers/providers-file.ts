import { readFile } from 'node:fs/promises';
import { ConfigError } from '@safelight/config';
import { z } from 'zod';
import { openaiChat } from './openai-chat.js';
import { openaiModeration, type RemoteSettings } from './openai-moderation.js';
import { LOCAL, type Provider } from './provider.js';

const kinds = { 'openai-moderation': openaiModeration, 'openai-chat': openaiChat } as const;
type Kind = keyof typeof kinds;

const provider = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'letters a to z, digits, dots, hyphens'),
  kind: z.enum(Object.keys(kinds) as [Kind, ...Kind[]]),
  /** Up to and without `/v1`. */
  url: z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' }),
  model: z.string().min(1).max(200),
  stages: z.array(z.enum(['prompt', 'output'])).min(1),
  /** Of a file with nothing else in it. */
  api_key_file: z.string().min(1).optional(),
  /** A prompt has five seconds in all. */
  patience_ms: z.int().min(50).max(4_000).default(2_000),
});
const file = z
  .array(provider)
  .max(8)
  .refine(
    (all) => new Set([LOCAL, ...all.map(({ name }) => name)]).size === all.length + 1,
    `names must differ, and none is "${LOCAL}"`,
  );

/**
 * The providers that the deployment adds to those in this process; none where no file is named.
 * @throws ConfigError
 */
export async function readProviders(path: string | undefined): Promise<Provider[]> {
  if (path === undefined) return [];
  const parsed = file.safeParse(await jsonIn(path));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((one) => `${one.path.join('/')}: ${one.message}`);
    throw new ConfigError(`PROVIDERS_FILE: ${path}: ${faults.join('; ')}`);
  }
  return Promise.all(parsed.data.map(readied));
}

async function readied(written: z.output<typeof provider>): Promise<Provider> {
  const { kind, api_key_file: keyFile, patience_ms: patienceMs, ...rest } = written;
  const apiKey = keyFile === undefined ? undefined : (await textIn(keyFile)).trim();
  // A header cannot hold it otherwise, and would fail at every call.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError(`PROVIDERS_FILE: ${rest.name}: the key has to be one word of ASCII`);
  }
  const settings: RemoteSettings = { ...rest, patienceMs, apiKey };
  return kinds[kind](settings);
}

async function jsonIn(path: string): Promise<unknown> {
  const text = await textIn(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`PROVIDERS_FILE: ${path} is no JSON`);
  }
}

async function textIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new ConfigError(`PROVIDERS_FILE: ${path} cannot be read`);
  }
}
