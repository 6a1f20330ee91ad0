import type { LoggerService } from '@nestjs/common';
import type { Telemetry } from './telemetry.js';

/** Nest's own messages, through the service's logger. Nest passes its context as last argument. */
export class NestLogger implements LoggerService {
  constructor(private readonly telemetry: Pick<Telemetry, 'logger'>) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const nest = rest.at(-1);
    const fields = {
      ...(typeof nest === 'string' && { nest }),
      ...(message instanceof Error && { err: message }),
      ...(rest.length > 1 && typeof rest[0] === 'string' && { stack: rest[0] }),
    };
    const text = message instanceof Error ? message.message : textOf(message);
    this.telemetry.logger[level](fields, text);
  }
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
