import { z } from 'zod';

const addressOf = (protocols: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be an address like ${example}`,
    );

const postgresUrl = addressOf(
  ['postgres:', 'postgresql:'],
  'postgresql://user:password@host:5432/database',
);
const NATS_ADDRESS = /^(nats|tls):\/\/[^\s,]+$/;

/** NATS servers: one address or several, with commas between. */
const natsUrl = z
  .string()
  .refine(
    (value) => value.split(',').every((address) => NATS_ADDRESS.test(address.trim())),
    'must be one or more addresses like nats://host:4222, with commas between',
  );

const PORT_MAX = 65_535;
const port = z
  .string()
  .regex(/^\d{1,5}$/, `must be a port number, 0 to ${PORT_MAX}`)
  .transform(Number)
  .refine((value) => value <= PORT_MAX, `must be a port number, 0 to ${PORT_MAX}`);

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The variables that services share, to spread into a service's own `z.object({ … })`. */
export const serviceVariables = {
  /** Runtime role: may do only this service's work. */
  DATABASE_URL: postgresUrl,
  /** Owner role, for migrations only. */
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  NATS_URL: natsUrl,
  /** `true`: share one NATS connection with the other services of this process. */
  NATS_SHARED: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true'),
  /** Port of `/health`, `/ready` and `/metrics`; 0 takes a free one. */
  OPS_PORT: port.default(0),
  LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
  /** Base address of an OTLP/HTTP collector; without it no traces leave the process. */
  OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(['http:', 'https:'], 'http://collector:4318').optional(),
};

/** For a service's own variables. */
export const variable = { postgresUrl, natsUrl, port, addressOf };
