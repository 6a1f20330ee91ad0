import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readWebhookConfig } from '../config.js';
import { readS3Identity } from './s3-identity.js';

let folder: string;
let secretFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-identity-'));
  secretFile = join(folder, 'secret');
  await writeFile(secretFile, 'of a file\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (env: Record<string, string>) =>
  readS3Identity(
    readWebhookConfig({
      DATABASE_URL: 'postgresql://u:p@h/d',
      NATS_URL: 'nats://h:4222',
      WEBHOOK_KEY_FILE: 'key',
      ...env,
    }),
  );
const half = { OUTPUT_S3_ACCESS_KEY_ID: 'AKIA' };
const whole = { ...half, OUTPUT_S3_SECRET_ACCESS_KEY: 'of the environment' };

describe('the identity for buckets', () => {
  it('is none where nothing is set', async () => {
    expect(await read({})).toBeNull();
  });

  it('has its secret from the environment or a file', async () => {
    expect(await read(whole)).toMatchObject({ secretAccessKey: 'of the environment' });
    const filed = { ...half, OUTPUT_S3_SECRET_ACCESS_KEY_FILE: secretFile };
    expect(await read(filed)).toMatchObject({ secretAccessKey: 'of a file', endpoint: null });
  });

  it.each<Record<string, string>>([
    half,
    { OUTPUT_S3_SECRET_ACCESS_KEY: 'hunter2' },
    { OUTPUT_S3_ENDPOINT: 'https://s3.example.com' },
    { ...whole, OUTPUT_S3_SECRET_ACCESS_KEY_FILE: 'x' },
    { ...half, OUTPUT_S3_SECRET_ACCESS_KEY_FILE: '/nowhere' },
    { ...whole, OUTPUT_S3_ENDPOINT: 'https://user:hunter2@s3.example.com' },
    { ...whole, OUTPUT_S3_ENDPOINT: 'ftp://s3.example.com' },
    { ...whole, OUTPUT_S3_ENDPOINT_ADDRESSES: '10.0.0.1:9000' },
  ])('does not start from %j, and tells no value', async (env) => {
    const message = await read(env).then(
      () => 'it started',
      (error: unknown) => String(error),
    );
    expect(message).toMatch(/^ConfigError.*OUTPUT_S3_/s);
    expect(message).not.toMatch(/hunter2|of the environment/);
  });
});
