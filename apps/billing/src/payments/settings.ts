import { readFileSync } from 'node:fs';
import { ConfigError, variable } from '@safelight/config';
import { z } from 'zod';
import { DevelopmentProvider } from './development.provider.js';
import type { PaymentProvider } from './provider.js';
import { StripeProvider } from './stripe/stripe.provider.js';

const SECRET_MIN = 32;

/** Who takes the money. Without any of these nothing is for sale, and the API says so. */
export const paymentVariables = {
  /** Stripe's secret or restricted key, or the file that holds it. */
  STRIPE_SECRET_KEY: z.string().min(1).optional(),
  STRIPE_SECRET_KEY_FILE: z.string().min(1).optional(),
  /** What Stripe signs its events with (`whsec_…`), or the file that holds it. */
  STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
  STRIPE_WEBHOOK_SECRET_FILE: z.string().min(1).optional(),
  /** In place of Stripe's own address; a literal address may be one of the private network. */
  STRIPE_API_URL: variable
    .addressOf(['http:', 'https:'], 'https://api.stripe.com')
    .default('https://api.stripe.com'),
  /** Lets whoever opens a checkout's address play the provider; no money moves. Not in production. */
  DEVELOPMENT_PAYMENTS_SECRET: z
    .string()
    .min(SECRET_MIN, `must have at least ${SECRET_MIN} characters`)
    .optional(),
  NODE_ENV: z.string().optional(),
  /** How often payments that are not settled are looked for, in milliseconds. */
  BILLING_PAYMENTS_EVERY_MS: z.coerce.number().int().positive().default(2_000),
};
export type PaymentSettings = z.output<z.ZodObject<typeof paymentVariables>>;

/**
 * @returns `null` where nothing is for sale
 * @throws ConfigError for half a configuration, two providers, or a played one in production
 */
export function providerFor(config: PaymentSettings): PaymentProvider | null {
  const secretKey = secretIn(config, 'STRIPE_SECRET_KEY');
  const webhookSecret = secretIn(config, 'STRIPE_WEBHOOK_SECRET');
  const played = config.DEVELOPMENT_PAYMENTS_SECRET;
  if ((secretKey === undefined) !== (webhookSecret === undefined)) {
    throw new ConfigError(
      'STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: set both or none; what is paid is told by events alone',
    );
  }
  if (played !== undefined) refuseBeside(secretKey, config.NODE_ENV);
  if (secretKey !== undefined && webhookSecret !== undefined) {
    return new StripeProvider({ secretKey, webhookSecret, apiUrl: config.STRIPE_API_URL });
  }
  return played === undefined ? null : new DevelopmentProvider(played);
}

function refuseBeside(secretKey: string | undefined, nodeEnv: string | undefined): void {
  if (secretKey !== undefined) {
    throw new ConfigError('DEVELOPMENT_PAYMENTS_SECRET: remove it; Stripe takes the payments here');
  }
  if (nodeEnv === 'production') {
    throw new ConfigError('DEVELOPMENT_PAYMENTS_SECRET: remove it; NODE_ENV is production');
  }
}

type Secret = 'STRIPE_SECRET_KEY' | 'STRIPE_WEBHOOK_SECRET';

function secretIn(config: PaymentSettings, name: Secret): string | undefined {
  const file = config[`${name}_FILE`];
  if (file === undefined) return config[name];
  if (config[name] !== undefined) throw new ConfigError(`${name}: is given twice, also as a file`);
  const secret = textIn(file, name);
  if (secret === '') throw new ConfigError(`${name}_FILE: the file is empty`);
  return secret;
}

function textIn(file: string, name: Secret): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${name}_FILE: the secret is not there: ${why}`);
  }
}
