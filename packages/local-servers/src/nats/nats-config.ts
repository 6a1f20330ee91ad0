/** The largest message in bytes: a job may carry pictures inline. */
const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** The server's settings file. JSON strings are valid strings of its notation. */
export function natsConfig(server: {
  storeDir: string;
  port: number | undefined;
  monitor: boolean;
}): string {
  const lines = [
    'host: "127.0.0.1"',
    // -1: the server picks a free port and says so in its log.
    `port: ${server.port ?? -1}`,
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    ...(server.monitor ? ['http: "127.0.0.1:-1"'] : []),
    `jetstream { store_dir: ${JSON.stringify(server.storeDir)} }`,
  ];
  return `${lines.join('\n')}\n`;
}
