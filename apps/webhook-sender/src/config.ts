import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

/**
 * Every variable that the webhook sender reads. None of them says where webhooks may go: that is
 * public addresses, whatever the environment.
 */
const variables = z.object({
  ...serviceVariables,
  /** File with the key that seals signing secrets at rest: 32 bytes in base64. */
  WEBHOOK_KEY_FILE: z.string().min(1, 'must be a path'),
  /**
   * The identity that outputs are copied into customers' buckets with; without it requests that ask
   * for that are refused. Customers allow it `s3:PutObject` in the policies of their buckets.
   */
  OUTPUT_S3_ACCESS_KEY_ID: z.string().max(128, 'must be the id of an access key').optional(),
  OUTPUT_S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** File with the secret, in place of the variable. */
  OUTPUT_S3_SECRET_ACCESS_KEY_FILE: z.string().optional(),
  /** One S3-compatible store that has all buckets, in place of Amazon's. */
  OUTPUT_S3_ENDPOINT: z
    .string()
    .refine(isEndpoint, 'must be like https://s3.example.com, without query or user')
    .optional(),
  /**
   * Exact addresses with ports, `10.1.2.3:9000`, with commas between: where that endpoint may be though
   * they are not public. Over plain http too. Webhooks do not reach them.
   */
  OUTPUT_S3_ENDPOINT_ADDRESSES: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .default([]),
});
export type WebhookConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readWebhookConfig = (
  env: Readonly<Record<string, string | undefined>>,
): WebhookConfig => readConfig(variables, env);
