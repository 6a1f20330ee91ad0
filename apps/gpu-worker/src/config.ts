import { hostname } from 'node:os';
import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

const { NATS_URL, NATS_SHARED, OPS_PORT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } =
  serviceVariables;

/** Every variable that the worker reads. It has no database. */
const variables = z.object({
  ...{ NATS_URL, NATS_SHARED, OPS_PORT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT },
  /** How operators know this worker; the machine's name where nobody says otherwise. */
  WORKER_ID: z.string().min(1).max(128).default(hostname),
  /** How many attempts run side by side. */
  WORKER_SLOTS: z.coerce.number().int().min(1).max(1_024).default(1),
  /** How long a closing worker goes on with what it runs, before it hands the rest back. */
  WORKER_DRAIN_MS: z.coerce.number().int().min(0).default(4_000),
  /** Folder of the filesystem object store. */
  OBJECT_STORE_DIR: z.string().min(1),
});

export type WorkerConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readWorkerConfig = (env: Readonly<Record<string, string | undefined>>): WorkerConfig =>
  readConfig(variables, env);
