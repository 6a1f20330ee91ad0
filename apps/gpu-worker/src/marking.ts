import { readFile } from 'node:fs/promises';
import { ConfigError, readKeyFile } from '@safelight/config';
import {
  CredentialsSigner,
  openTestClock,
  readTestAuthorityFile,
  type SigningIdentity,
  WatermarkThread,
} from '@safelight/provenance';
import type { Closers, Telemetry } from '@safelight/telemetry';
import type { WorkerParts } from './agent/worker-parts.js';
import type { WorkerConfig } from './config.js';

type Marking = Pick<WorkerParts, 'watermark' | 'credentials'>;

/**
 * What marks outputs beside their XMP. Each without its keys is left out, and a warning says so.
 *
 * @throws ConfigError for keys that are there and of no use
 */
export async function openMarking(
  config: WorkerConfig,
  { logger }: Telemetry,
  closers: Closers,
): Promise<Marking> {
  const watermark = await openWatermark(config);
  closers.push(async () => watermark?.close());
  const credentials = await openCredentials(config, closers);
  closers.push(async () => credentials?.close());
  if (!watermark) logger.warn('pictures carry no watermark: WATERMARK_KEY_FILE is not set');
  if (!credentials) logger.warn('outputs carry no content credentials: C2PA_… is not set');
  return { watermark, credentials };
}

async function openWatermark({ WATERMARK_KEY_FILE: file }: WorkerConfig) {
  if (file === undefined) return undefined;
  const key = await readKeyFile('WATERMARK_KEY_FILE', 'the key of the watermark', file);
  return new WatermarkThread(key.export());
}

async function openCredentials(config: WorkerConfig, closers: Closers) {
  const { C2PA_TEST_AUTHORITY_FILE: test, C2PA_TIMESTAMP_URL: url } = config;
  const { C2PA_CERTIFICATES_FILE: certificates, C2PA_KEY_FILE: key } = config;
  const given = [certificates, key, url].filter((one) => one !== undefined).length;
  if (test !== undefined && given === 0) {
    const authority = await reading('C2PA_TEST_AUTHORITY_FILE', () => readTestAuthorityFile(test));
    const clock = await openTestClock(authority.timestamps);
    closers.push(() => clock.close());
    return opened(authority.signer, clock.url);
  }
  if (certificates !== undefined && key !== undefined && url !== undefined && test === undefined) {
    const identity = {
      certificates: await reading('C2PA_CERTIFICATES_FILE', () => readFile(certificates, 'utf8')),
      key: await reading('C2PA_KEY_FILE', () => readFile(key, 'utf8')),
    };
    return opened(identity, url);
  }
  if (given === 0) return undefined;
  throw new ConfigError(
    'C2PA_CERTIFICATES_FILE, C2PA_KEY_FILE, C2PA_TIMESTAMP_URL: set all three, or C2PA_TEST_AUTHORITY_FILE alone',
  );
}

const opened = (identity: SigningIdentity, url: string): Promise<CredentialsSigner> =>
  reading('C2PA_KEY_FILE', () => CredentialsSigner.open(identity, url));

async function reading<Value>(variable: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${variable}: content credentials cannot be signed: ${why}`);
  }
}
