import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

/**
 * Every variable that the webhook sender reads. None of them says where it may send to: that is
 * public addresses, whatever the environment.
 */
const variables = z.object({
  ...serviceVariables,
  /** File with the key that seals signing secrets at rest: 32 bytes in base64. */
  WEBHOOK_KEY_FILE: z.string().min(1, 'must be a path'),
});
export type WebhookConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readWebhookConfig = (
  env: Readonly<Record<string, string | undefined>>,
): WebhookConfig => readConfig(variables, env);
