import { readFile } from 'node:fs/promises';
import { ConfigError } from '@safelight/config';
import type { WebhookConfig } from '../config.js';

/** Who this deployment is to customers' buckets, and where those are. */
export interface S3Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of one S3-compatible store that has all buckets; `null`: Amazon's, by region. */
  readonly endpoint: URL | null;
  /** `10.1.2.3:9000`: where the endpoint may be besides public addresses. */
  readonly endpointAddresses: readonly string[];
}

type Settings = Pick<
  WebhookConfig,
  | 'OUTPUT_S3_ACCESS_KEY_ID'
  | 'OUTPUT_S3_SECRET_ACCESS_KEY'
  | 'OUTPUT_S3_SECRET_ACCESS_KEY_FILE'
  | 'OUTPUT_S3_ENDPOINT'
  | 'OUTPUT_S3_ENDPOINT_ADDRESSES'
>;

/**
 * `null` where no identity is set: then nothing is copied, and requests for it are refused.
 * @throws ConfigError for half of an identity, or an endpoint's address without an endpoint: who set
 *   one of them wanted the feature, and would wait for it in vain
 */
export async function readS3Identity(settings: Settings): Promise<S3Identity | null> {
  const {
    OUTPUT_S3_ACCESS_KEY_ID: accessKeyId,
    OUTPUT_S3_ENDPOINT: endpoint,
    OUTPUT_S3_ENDPOINT_ADDRESSES: endpointAddresses,
  } = settings;
  const secretAccessKey = await readSecret(settings);
  if (endpointAddresses.length > 0 && endpoint === undefined) {
    throw new ConfigError(
      'OUTPUT_S3_ENDPOINT_ADDRESSES: has no meaning without OUTPUT_S3_ENDPOINT',
    );
  }
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const url = endpoint === undefined ? null : new URL(endpoint);
    return { accessKeyId, secretAccessKey, endpoint: url, endpointAddresses };
  }
  if (accessKeyId === undefined && secretAccessKey === undefined && endpoint === undefined) {
    return null;
  }
  throw new ConfigError(
    'OUTPUT_S3_ACCESS_KEY_ID and OUTPUT_S3_SECRET_ACCESS_KEY (or …_FILE) must both be set, or none of OUTPUT_S3_…',
  );
}

async function readSecret(settings: Settings): Promise<string | undefined> {
  const { OUTPUT_S3_SECRET_ACCESS_KEY: secret, OUTPUT_S3_SECRET_ACCESS_KEY_FILE: path } = settings;
  if (path === undefined) return secret;
  if (secret !== undefined) {
    throw new ConfigError(
      'OUTPUT_S3_SECRET_ACCESS_KEY and OUTPUT_S3_SECRET_ACCESS_KEY_FILE: set one of the two',
    );
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`OUTPUT_S3_SECRET_ACCESS_KEY_FILE: the secret is not there: ${why}`);
  });
  if (text.trim() === '') throw new ConfigError('OUTPUT_S3_SECRET_ACCESS_KEY_FILE: is empty');
  return text.trim();
}
