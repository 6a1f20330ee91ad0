import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '@safelight/config';
import { z } from 'zod';
import { paymentVariables, providerFor } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'safelight-payments-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'key');
writeFileSync(file, 'sk_test_1\n');

const provider = (env: Record<string, string>) =>
  providerFor(readConfig(z.object(paymentVariables), env))?.name;
const secret = 's'.repeat(32);
const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };

describe('who takes the money', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['nobody by default', {}, undefined],
    ['Stripe', stripe, 'stripe'],
    [
      'Stripe by files',
      { STRIPE_SECRET_KEY_FILE: file, STRIPE_WEBHOOK_SECRET_FILE: file },
      'stripe',
    ],
    ['a player, on the fresh machine', { DEVELOPMENT_PAYMENTS_SECRET: secret }, 'development'],
  ])('is %s', (_, env, name) => {
    expect(provider(env)).toBe(name);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['half of Stripe', { STRIPE_SECRET_KEY: 'sk_test_1' }, /set both or none/],
    ['the other half', { STRIPE_WEBHOOK_SECRET: 'whsec_1' }, /set both or none/],
    ['a player beside Stripe', { ...stripe, DEVELOPMENT_PAYMENTS_SECRET: secret }, /remove it/],
    [
      'a player in production',
      { NODE_ENV: 'production', DEVELOPMENT_PAYMENTS_SECRET: secret },
      /production/,
    ],
    ['a secret that can be guessed', { DEVELOPMENT_PAYMENTS_SECRET: 'short' }, /at least 32/],
    ['a secret given twice', { ...stripe, STRIPE_SECRET_KEY_FILE: file }, /twice/],
    ['a file that is not there', { STRIPE_SECRET_KEY_FILE: join(folder, 'no') }, /not there/],
  ])('is never %s', (_, env, message) => {
    expect(() => provider(env)).toThrow(message);
    expect(() => provider(env)).not.toThrow(/sk_test_1|whsec_1/);
  });
});
