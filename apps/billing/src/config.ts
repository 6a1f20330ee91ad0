import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';
import { paymentVariables } from './payments/settings.js';

const variables = z.object({
  ...serviceVariables,
  /** How often holds and grants past their time are looked for, in milliseconds. */
  BILLING_SWEEP_EVERY_MS: z.coerce.number().int().positive().default(5_000),
  /** How often the whole ledger is checked against itself, in milliseconds. */
  BILLING_RECONCILE_EVERY_MS: z.coerce.number().int().positive().default(60_000),
  ...paymentVariables,
});

export type BillingConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readBillingConfig = (
  env: Readonly<Record<string, string | undefined>>,
): BillingConfig => readConfig(variables, env);
