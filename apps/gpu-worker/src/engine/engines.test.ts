import { ConfigError } from '@safelight/config';
import { startTelemetry } from '@safelight/telemetry';
import { describe, expect, it } from '@jest/globals';
import { readWorkerConfig } from '../config.js';
import { createEngine } from './engines.js';

const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
const settings = { url: undefined, slots: undefined, telemetry };

const refused = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('the configuration was accepted');
};

describe('the choice of the engine', () => {
  it('makes the one that is named, with no more slots than it can do', async () => {
    const engine = createEngine('builtin', { ...settings, slots: 1_000 });
    expect(engine.capabilities.engine).toBe('builtin');
    expect(engine.capabilities.slots).toBeLessThan(1_000);
    await engine.close();
    const small = createEngine('builtin', { ...settings, slots: 1 });
    expect(small.capabilities.slots).toBe(1);
    await small.close();
  });

  it.each(['comfy', '', 'toString', '__proto__'])('refuses %j and names what there is', (name) => {
    expect(refused(() => createEngine(name, settings))).toMatch(/^ENGINE: .*set one of .*builtin/);
  });

  it('refuses an address that nobody would use', () => {
    const url = 'http://127.0.0.1:8188';
    expect(refused(() => createEngine('builtin', { ...settings, url }))).toMatch(
      /^ENGINE_URL: .*leave it out/,
    );
  });
});

describe('the configuration of a worker', () => {
  const good = { NATS_URL: 'nats://127.0.0.1:4222', OBJECT_STORE_DIR: '/objects' };

  it('has lists, and an engine of its own where nobody says otherwise', () => {
    const config = readWorkerConfig({
      ...good,
      WORKER_TAGS: ' rack-7, ,h200,',
      WORKER_WARM_UP: '',
    });
    expect(config).toMatchObject({ ENGINE: 'builtin', WORKER_TAGS: ['rack-7', 'h200'] });
    expect(config).toMatchObject({ WORKER_WARM_UP: [], WORKER_POOL: 'shared' });
    expect(config.WORKER_SLOTS).toBeUndefined();
  });

  it('names every faulty variable and its remedy', () => {
    const env = {
      ...{ ...good, ENGINE_URL: 'ftp://h', WORKER_POOL: 'Two words', WORKER_HEALTH_MS: '1' },
      WORKER_WARM_UP_MS: 'soon',
    };
    expect(refused(() => readWorkerConfig(env)).split('\n')).toEqual([
      'The configuration is not usable:',
      '  ENGINE_URL: must be an address like http://127.0.0.1:8188',
      '  WORKER_POOL: must be a word of a-z, 0-9, dot, dash and underscore, at most 63 long',
      '  WORKER_WARM_UP_MS: must be a number of milliseconds',
      '  WORKER_HEALTH_MS: must be at least 50 ms',
    ]);
  });
});
