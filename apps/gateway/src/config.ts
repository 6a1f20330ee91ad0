import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';
import { modelAliases } from './dialects/aliases.js';

const SECRET_BYTES_MIN = 32;
const DRAIN_NOTICE_MAX_MS = 5_000;

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** Every variable that the gateway reads. */
const variables = z.object({
  ...serviceVariables,
  /** 0 takes any free port. */
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HTTP_HOST: z.string().default('0.0.0.0'),
  /** Where clients reach this gateway; links to outputs begin with it. */
  PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .refine((url) => new URL(url).pathname === '/', 'must have no path: links begin at the root')
    .optional(),
  /** Addresses or networks of proxies in front, comma-separated: they name the client's address. */
  TRUSTED_PROXIES: z.string().min(1).optional(),
  /** Folder of the filesystem object store. */
  OBJECT_STORE_DIR: z.string().min(1),
  /** Secret that signs links to outputs and seals what idempotency keys keep, base64. */
  URL_SIGNING_SECRET: z
    .base64()
    .refine(
      (secret) => Buffer.from(secret, 'base64').length >= SECRET_BYTES_MIN,
      `must hold at least ${SECRET_BYTES_MIN} bytes; make one with: openssl rand -base64 ${SECRET_BYTES_MIN}`,
    ),
  /**
   * What names and fields of other services' clients mean here, for the dialects alone: a JSON
   * object, see dialects/aliases.ts. Without it they are refused.
   */
  MODEL_ALIASES: modelAliases.default({}),
  /** A JSON file that says what the models and the parts beside them are; the built-in ones without. */
  MODEL_CATALOGUE: z.string().min(1).optional(),
  /** A file with the key of the invisible watermark, the workers' own: 32 bytes, base64. */
  WATERMARK_KEY_FILE: z.string().min(1).optional(),
  /** PEM: the certificates that the workers sign content credentials with, now and before, and their authorities'. */
  C2PA_CERTIFICATES_FILE: z.string().min(1).optional(),
  /** In place of it: the file of the workers' test authority. */
  C2PA_TEST_AUTHORITY_FILE: z.string().min(1).optional(),
  /** Origins of web pages that may call the API from a browser, with commas between; none without. */
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (origins) => origins.every(isOrigin),
      'must be origins like https://app.example.com, with commas between and no path',
    )
    .default([]),
  /** How long a gateway that is told to stop still takes requests, until nobody sends it any. */
  DRAIN_NOTICE_MS: z.coerce.number().int().min(0).max(DRAIN_NOTICE_MAX_MS).default(0),
});
export type GatewayConfig = z.infer<typeof variables>;

export const gatewayConfig = (env: Readonly<Record<string, string | undefined>>): GatewayConfig =>
  readConfig(variables, env);
