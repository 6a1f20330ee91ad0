import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig, serviceVariables } from './index.js';

const { DATABASE_URL, NATS_URL, OPS_PORT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } =
  serviceVariables;
const schema = z.object({
  DATABASE_URL,
  NATS_URL,
  OPS_PORT,
  LOG_LEVEL,
  OTEL_EXPORTER_OTLP_ENDPOINT,
  SIGNING_SECRET: z.string().min(32, 'must be at least 32 characters'),
});
const good = {
  DATABASE_URL: 'postgresql://billing:pw@db:5432/safelight',
  NATS_URL: 'nats://a:4222, nats://b:4222',
  SIGNING_SECRET: 'x'.repeat(32),
};

const messageOf = (env: Record<string, string | undefined>): string => {
  try {
    readConfig(schema, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('the configuration was accepted');
};

describe('readConfig', () => {
  it('gives typed values and defaults, and leaves out what is not asked for', () => {
    expect(readConfig(schema, { ...good, OPS_PORT: '9100', HOME: '/root' })).toEqual({
      ...good,
      OPS_PORT: 9100,
      LOG_LEVEL: 'info',
    });
  });

  it('names every faulty variable, one per line', () => {
    const env = { NATS_URL: 'localhost:4222', OPS_PORT: '70000', LOG_LEVEL: 'loud' };
    expect(messageOf(env).split('\n')).toEqual([
      'The configuration is not usable:',
      '  DATABASE_URL: is not set',
      '  NATS_URL: must be one or more addresses like nats://host:4222, with commas between',
      '  OPS_PORT: must be a port number, 0 to 65535',
      '  LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
      '  SIGNING_SECRET: is not set',
    ]);
  });

  it('never repeats a value', () => {
    const message = messageOf({
      ...good,
      DATABASE_URL: 'mysql://u:hunter2@h/d',
      SIGNING_SECRET: 'tiny',
    });
    expect(message).toContain('DATABASE_URL: must be an address like postgresql://');
    expect(message).toContain('SIGNING_SECRET: must be at least 32 characters');
    expect(message).not.toMatch(/hunter2|tiny/);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig(schema, { ...good, LOG_LEVEL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toEqual(
      {
        ...good,
        OPS_PORT: 0,
        LOG_LEVEL: 'info',
      },
    );
    expect(messageOf({ ...good, NATS_URL: '' })).toContain('NATS_URL: is not set');
  });
});
