import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

const positive = z.coerce.number().int().positive();

/** Every variable that the dispatcher reads. */
const variables = z.object({
  ...serviceVariables,
  /** How often workers offer their slots and name their leases, in milliseconds. */
  HEARTBEAT_MS: positive.default(5_000),
  /** How long a lease lives without a heartbeat that names it, in milliseconds. */
  LEASE_MS: positive.default(30_000),
  /** How many attempts a job gets; a lease that never came to work is not counted. */
  ATTEMPTS_MAX: positive.default(3),
  /** Pause before an attempt is made again after the first failure; doubles with each, in milliseconds. */
  RETRY_MS: positive.default(1_000),
  /** Faults that a worker may have within an hour before it is put into quarantine. */
  WORKER_FAULTS_MAX: positive.default(5),
  /** How long a first quarantine lasts; twice as long after each canary that was failed, in milliseconds. */
  QUARANTINE_MS: positive.default(600_000),
  /** Jobs that would wait longer than this are refused at submission. */
  MAX_WAIT_SECONDS: positive.default(600),
  /** The same for the other lanes: somebody looks on, and nobody is in a hurry. */
  MAX_WAIT_INTERACTIVE_SECONDS: positive.default(60),
  MAX_WAIT_BATCH_SECONDS: positive.default(3_600),
  /** How often pools are read from the database and what was learned is kept there, in milliseconds. */
  POOLS_EVERY_MS: positive.default(5_000),
  /** Model of a job that names none; otherwise the one that was offered first. */
  DEFAULT_MODEL: z.string().min(1).optional(),
});

export type DispatchConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readDispatchConfig = (
  env: Readonly<Record<string, string | undefined>>,
): DispatchConfig => readConfig(variables, env);
