import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

/** Every variable that moderation reads. None of them lowers the floor: lists only add to it. */
const variables = z.object({
  ...serviceVariables,
  /** Folder of the filesystem object store. */
  OBJECT_STORE_DIR: z.string().min(1),
  /** Ed25519 private key that signs receipts: a PKCS#8 PEM file. */
  RECEIPT_KEY_FILE: z.string().min(1),
  /** File with the master key of what people write in appeals, consents and reports: 32 bytes, base64. */
  CASE_KEY_FILE: z.string().min(1),
  /** How many days what a reporter writes is kept; a report is decided within two. */
  REPORT_KEPT_DAYS: z.coerce.number().int().min(3).max(3650).default(90),
  /** How often words whose time is over are looked for. */
  CASE_SWEEP_EVERY_MS: z.coerce.number().int().min(1).max(86_400_000).default(3_600_000),
  /** How often jobs are looked for that lean on a revoked consent, beside at once when it is revoked. */
  CONSENT_SWEEP_EVERY_MS: z.coerce.number().int().min(1).max(5_000).default(5_000),
  /** How long one look of one classifier at one picture may take; then there is no verdict. */
  LOOK_MS: z.coerce.number().int().min(1).max(600_000).default(20_000),
  /** How often cases of reported pictures are carried on, beside at once when one is reported. */
  TAKEDOWN_SWEEP_EVERY_MS: z.coerce.number().int().min(1).max(60_000).default(5_000),
  /** How often refusals are made strikes, and what follows a suspension is seen to. */
  STANDING_SWEEP_EVERY_MS: z.coerce.number().int().min(1).max(60_000).default(1_000),
  /**
   * When the image models are loaded and prove themselves by known answers: with the first picture, which
   * takes some seconds longer, or at boot. No picture is judged without them, either way.
   */
  IMAGE_MODELS: z.enum(['at-boot', 'at-first-picture']).default('at-first-picture'),
  /** SHA-256 digests of images that never pass, one per line. */
  KNOWN_IMAGES_FILE: z.string().min(1).optional(),
  /** Names of living people whom no sexual context may name, one per line. */
  NAMED_PEOPLE_FILE: z.string().min(1).optional(),
  /** Providers beside those in this process, as JSON: docs/policy.md. Each can only add risk. */
  PROVIDERS_FILE: z.string().min(1).optional(),
});

export type ModerationConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readModerationConfig = (
  env: Readonly<Record<string, string | undefined>>,
): ModerationConfig => readConfig(variables, env);
