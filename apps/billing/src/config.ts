import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';
import { paymentVariables } from './payments/settings.js';

const variables = z.object({
  ...serviceVariables,
  /** How often holds and grants past their time are looked for, in milliseconds. */
  BILLING_SWEEP_EVERY_MS: z.coerce.number().int().positive().default(5_000),
  /** Ed25519 private key that signs heads of the ledger: a PKCS#8 PEM file. */
  LEDGER_KEY_FILE: z.string().min(1),
  /** How often new transactions are sealed into a block, in milliseconds. */
  BILLING_SEAL_EVERY_MS: z.coerce.number().int().positive().default(5_000),
  /** How old the newest head may become before the next is signed; below an hour, in milliseconds. */
  BILLING_HEAD_EVERY_MS: z.coerce.number().int().positive().max(3_590_000).default(3_300_000),
  /** How often the whole ledger is checked against itself, in milliseconds. */
  BILLING_RECONCILE_EVERY_MS: z.coerce.number().int().positive().default(60_000),
  ...paymentVariables,
});

export type BillingConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readBillingConfig = (
  env: Readonly<Record<string, string | undefined>>,
): BillingConfig => readConfig(variables, env);
