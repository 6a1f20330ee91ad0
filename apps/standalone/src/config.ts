/** What a laptop's Safelight takes from the environment; all else is decided at the start. */
export const logLevel = process.env['LOG_LEVEL'] ?? 'info';
export const otlpEndpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
