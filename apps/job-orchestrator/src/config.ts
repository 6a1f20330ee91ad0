import { readConfig, serviceVariables } from '@safelight/config';
import type { Environment } from '@safelight/config';
import { z } from 'zod';

const milliseconds = (max: number) => z.coerce.number().int().min(1).max(max);
const DAY_MS = 24 * 60 * 60_000;

/** Every variable that the orchestrator reads. */
const variables = z.object({
  ...serviceVariables,
  /** File with the master key of customers' content: 32 bytes, base64. */
  CONTENT_KEY_FILE: z.string().min(1),
  /** Folder of the filesystem object store. */
  OBJECT_STORE_DIR: z.string().min(1),
  /** How long after its submission a job may take; then it fails and is refunded. */
  JOB_DEADLINE_MS: milliseconds(DAY_MS).default(10 * 60_000),
  /** How often the sweep looks for jobs whose time has come. */
  JOB_SWEEP_EVERY_MS: milliseconds(60_000).default(2_000),
  /** How often the whole object store is looked through for pictures that no job names. */
  ORPHAN_SWEEP_EVERY_MS: milliseconds(DAY_MS).default(60 * 60_000),
});
export type OrchestratorConfig = z.infer<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const orchestratorConfig = (env: Environment): OrchestratorConfig =>
  readConfig(variables, env);
