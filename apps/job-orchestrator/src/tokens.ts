/** Logs, traces and metrics, for classes that Nest makes. */
export const TELEMETRY = Symbol('telemetry');
