import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { DestinationStream } from 'pino';
import type { Telemetry } from './telemetry.js';

/** A service that runs. */
export interface RunningService {
  /** Base address of `/health`, `/ready` and `/metrics`. */
  readonly opsUrl: string;
  readonly telemetry: Telemetry;
  /** Stops taking work, finishes what is in hand, lets go of everything. */
  close(): Promise<void>;
  /** How long closing may take, in milliseconds; 10 s where a service does not say. */
  readonly closeLimitMs?: number;
  /** Ends the patience of a close that is under way; called when a second signal comes. */
  hurry?(): void;
}

export interface ServiceOverrides {
  spanExporter?: SpanExporter;
  logDestination?: DestinationStream;
}

/** What a service app offers to its `main.ts` and to `standalone`. */
export interface ServiceDefinition {
  readonly name: string;
  /** Brings the service's schema up to date; `migrationUrl` is the owner role's. */
  migrate(migrationUrl: string): Promise<void>;
  start(
    env: Readonly<Record<string, string | undefined>>,
    overrides?: ServiceOverrides,
  ): Promise<RunningService>;
}

const NODE_MAJOR_MIN = 24;
const CLOSE_LIMIT_MS = 10_000;
const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

/**
 * All of a service's `main.ts`: `node dist/main.js` serves until SIGTERM or SIGINT,
 * `node dist/main.js migrate` migrates and ends. Exit codes: 0 done, 1 fault, 2 wrong configuration.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  requireNode();
  const command = process.argv[2];
  try {
    if (command === 'migrate') await migrate(definition);
    else if (command === undefined) await serve(definition);
    else exitWith(EXIT_USAGE, `${definition.name}: unknown command; say nothing or "migrate"`);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') {
      exitWith(EXIT_USAGE, `${definition.name}: ${error.message}`);
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    exitWith(EXIT_FAULT, `${definition.name} could not ${command ?? 'start'}: ${text}`);
  }
}

function requireNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= NODE_MAJOR_MIN) return;
  exitWith(
    EXIT_USAGE,
    `Safelight needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. ` +
      'Start it through npm, which brings the right one.',
  );
}

async function migrate(definition: ServiceDefinition): Promise<void> {
  const url = process.env['MIGRATION_DATABASE_URL'];
  if (url === undefined || url === '') {
    exitWith(EXIT_USAGE, `${definition.name}: MIGRATION_DATABASE_URL: is not set`);
  }
  await definition.migrate(url);
  process.exit(0);
}

async function serve(definition: ServiceDefinition): Promise<void> {
  const service = await definition.start(process.env);
  const { logger } = service.telemetry;
  let closing = false;
  const stop = (reason: string) => {
    if (closing) {
      service.hurry?.();
      return;
    }
    closing = true;
    logger.info({ reason }, 'stopping');
    const limitMs = service.closeLimitMs ?? CLOSE_LIMIT_MS;
    void closeWithin(service, limitMs).then((code) => process.exit(code));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  const crash = (error: unknown) => {
    // The state is unknown: everything durable is in PostgreSQL, so starting afresh is the cure.
    logger.fatal({ err: error }, 'unhandled failure');
    process.exit(EXIT_FAULT);
  };
  process.on('unhandledRejection', crash);
  process.on('uncaughtException', crash);
  logger.info({ opsUrl: service.opsUrl }, 'ready');
}

async function closeWithin(service: RunningService, limitMs: number): Promise<number> {
  const { logger } = service.telemetry;
  const late = new Promise<number>((resolve) => {
    setTimeout(() => {
      logger.error({ limitMs }, 'did not close in time');
      resolve(EXIT_FAULT);
    }, limitMs);
  });
  const closed = service.close().then(
    () => 0,
    (error: unknown) => {
      logger.error({ err: error }, 'close failed');
      return EXIT_FAULT;
    },
  );
  return Promise.race([closed, late]);
}

function exitWith(code: number, message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
