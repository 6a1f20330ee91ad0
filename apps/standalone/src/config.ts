/** What a laptop's Safelight takes from the environment; all else is decided at the start. */
export const logLevel = process.env['LOG_LEVEL'] ?? 'info';
/** The identity that outputs are copied into buckets with, if one is given. */
export const outputStorage = Object.fromEntries(
  Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[0].startsWith('OUTPUT_S3_') && pair[1] !== undefined,
  ),
);
export const otlpEndpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
