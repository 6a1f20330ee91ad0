/** What a laptop's Safelight takes from the environment; all else is decided at the start. */
export const logLevel = process.env['LOG_LEVEL'] ?? 'info';
/** The identity that outputs are copied into buckets with, if one is given. */
export const outputStorage = Object.fromEntries(
  Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[0].startsWith('OUTPUT_S3_') && pair[1] !== undefined,
  ),
);
export const otlpEndpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];

const PAYMENT_VARIABLES = [
  'STRIPE_SECRET_KEY',
  'STRIPE_SECRET_KEY_FILE',
  'STRIPE_WEBHOOK_SECRET',
  'STRIPE_WEBHOOK_SECRET_FILE',
  'STRIPE_API_URL',
  'NODE_ENV',
];

/** What this environment says of payments, for billing. */
export const paymentEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    PAYMENT_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
