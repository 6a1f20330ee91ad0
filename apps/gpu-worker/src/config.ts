import { hostname } from 'node:os';
import { readConfig, serviceVariables } from '@safelight/config';
import { z } from 'zod';

const { NATS_URL, NATS_SHARED, OPS_PORT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } =
  serviceVariables;

/** Names with commas between, without empty ones. */
const names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

const milliseconds = (least: number) =>
  z.coerce
    .number('must be a number of milliseconds')
    .int('must be a whole number of milliseconds')
    .min(least, `must be at least ${least} ms`);

const WORD = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** Every variable that the worker reads. It has no database. */
const variables = z.object({
  ...{ NATS_URL, NATS_SHARED, OPS_PORT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT },
  /** How operators know this worker; the machine's name where nobody says otherwise. */
  WORKER_ID: z.string().min(1).max(128).default(hostname),
  /** The engine beside this worker, by its name in `engine/engines.ts`. */
  ENGINE: z.string().min(1).default('builtin'),
  /** Where that engine listens. */
  ENGINE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address like http://127.0.0.1:8188' })
    .optional(),
  /** Of ENGINE=comfyui: a JSON file that describes the models, and a folder of workflow templates. */
  COMFYUI_MODELS: z.string().min(1).optional(),
  COMFYUI_WORKFLOWS: z.string().min(1).optional(),
  /** Of ENGINE=openai, sdcpp and a1111: a JSON file that describes what their lists do not say. */
  ENGINE_MODELS: z.string().min(1).optional(),
  /** Of the same: a file with the key, or `user:password` of a1111, by which the server lets us in. */
  ENGINE_API_KEY_FILE: z.string().min(1).optional(),
  /** Workers of one kind that are scaled together; `shared` serves everybody. */
  WORKER_POOL: z
    .string()
    .regex(WORD, 'must be a word of a-z, 0-9, dot, dash and underscore, at most 63 long')
    .default('shared'),
  /** Words by which operators tell workers apart, with commas between. */
  WORKER_TAGS: names,
  /** At most how many attempts run side by side; as many as the engine can where not set. */
  WORKER_SLOTS: z.coerce.number().int().min(1).max(1_024).optional(),
  /** Models to try with a small real run before any work is taken, with commas between; `all`, `none`. */
  WORKER_WARM_UP: names,
  /** How long one of these runs may take. */
  WORKER_WARM_UP_MS: milliseconds(1).default(600_000),
  /** How often the engine is asked how it is, and how long it may take to answer. */
  WORKER_HEALTH_MS: milliseconds(50).default(5_000),
  /** How long a closing worker goes on with what it runs, before it hands the rest back. */
  WORKER_DRAIN_MS: milliseconds(0).default(4_000),
  /** Which GPU `nvidia-smi` is asked for: an index or a UUID. */
  WORKER_GPU: z.string().min(1).default('0'),
  /** A file with the key of the invisible watermark: 32 bytes, base64. Without it pictures carry none. */
  WATERMARK_KEY_FILE: z.string().min(1).optional(),
  /** PEM files with the certificates (the signer's own first) and the key of content credentials. */
  C2PA_CERTIFICATES_FILE: z.string().min(1).optional(),
  C2PA_KEY_FILE: z.string().min(1).optional(),
  /** The time-stamp authority (RFC 3161) for them. */
  C2PA_TIMESTAMP_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .optional(),
  /** In place of these three: a file with an authority that only this installation trusts. */
  C2PA_TEST_AUTHORITY_FILE: z.string().min(1).optional(),
  /** Where `nvidia-smi` and its library are found; whoever starts the process sets them. */
  PATH: z.string().default(''),
  LD_LIBRARY_PATH: z.string().optional(),
  /** Folder of the filesystem object store. */
  OBJECT_STORE_DIR: z.string().min(1),
});

export type WorkerConfig = z.output<typeof variables>;

/** @throws ConfigError that names every faulty variable */
export const readWorkerConfig = (env: Readonly<Record<string, string | undefined>>): WorkerConfig =>
  readConfig(variables, env);
