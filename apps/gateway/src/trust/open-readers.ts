import { readFile } from 'node:fs/promises';
import { ConfigError, readKeyFile } from '@safelight/config';
import { CredentialsReader, readTestAuthorityFile, WatermarkThread } from '@safelight/provenance';
import type { Closers } from '@safelight/telemetry';
import type { GatewayConfig } from '../config.js';

/** What reads marks in files; each without its keys is left out, and answers say so. */
export interface MarkReaders {
  readonly watermark: WatermarkThread | undefined;
  readonly credentials: CredentialsReader | undefined;
}

/** @throws ConfigError when a file is missing or holds something else */
export async function openReaders(config: GatewayConfig, closers: Closers): Promise<MarkReaders> {
  const { WATERMARK_KEY_FILE: keyFile } = config;
  const key =
    keyFile && (await readKeyFile('WATERMARK_KEY_FILE', 'the key of the watermark', keyFile));
  const watermark = key ? new WatermarkThread(key.export()) : undefined;
  closers.push(async () => watermark?.close());
  const own = await certificatesIn(config);
  const credentials = own === undefined ? undefined : new CredentialsReader(own);
  closers.push(async () => credentials?.close());
  return { watermark, credentials };
}

async function certificatesIn(config: GatewayConfig): Promise<string | undefined> {
  const { C2PA_CERTIFICATES_FILE: own, C2PA_TEST_AUTHORITY_FILE: test } = config;
  if (own !== undefined) return reading('C2PA_CERTIFICATES_FILE', () => readFile(own, 'utf8'));
  if (test === undefined) return undefined;
  const authority = await reading('C2PA_TEST_AUTHORITY_FILE', () => readTestAuthorityFile(test));
  return authority.signer.certificates;
}

async function reading<Value>(variable: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${variable}: content credentials cannot be read: ${why}`);
  }
}
