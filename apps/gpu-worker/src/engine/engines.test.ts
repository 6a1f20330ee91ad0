import { availableParallelism } from 'node:os';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@safelight/config';
import { startTelemetry } from '@safelight/telemetry';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readWorkerConfig } from '../config.js';
import { createEngine, type EngineSettings } from './engines.js';

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
  it('makes the one that is named, with as many slots as it is told, or cores that there are', async () => {
    const told = createEngine('builtin', { ...settings, slots: 100 });
    expect(told.capabilities).toMatchObject({ engine: 'builtin', slots: 100 });
    await told.close();
    const untold = createEngine('builtin', { ...settings, slots: undefined });
    expect(untold.capabilities.slots).toBe(availableParallelism());
    await untold.close();
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

describe('an engine that is a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-engines-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string): string => {
    const path = join(folder, `${randomUUID()}.json`);
    writeFileSync(path, text);
    return path;
  };
  const model = {
    ...{ name: 'a', description: 'A', operations: ['generate'], max_width: 512, max_height: 512 },
    ...{ default_steps: 20, gpu_seconds_per_megapixel_step: 1 },
  };
  const url = 'http://127.0.0.1:1';
  const listOf = (...models: object[]): string => file(JSON.stringify({ models }));

  it.each(['openai', 'sdcpp', 'a1111'])('%s is made, and wants its address', async (name) => {
    const all = { ...settings, modelsFile: listOf(model), apiKeyFile: file('secret\n') };
    const engine = createEngine(name, { ...all, url });
    expect(engine.capabilities).toMatchObject({ engine: name, models: [] });
    expect((await engine.health()).ok).toBe(false);
    await engine.close();
    expect(refused(() => createEngine(name, all))).toMatch(/^ENGINE_URL: is not set.*127\.0\.0\.1/);
  });

  it('takes the example that the documentation shows', async () => {
    const path = new URL('../../../../docs/examples/engine-models.json', import.meta.url);
    const modelsFile = fileURLToPath(path);
    await createEngine('a1111', { ...settings, url, modelsFile }).close();
  });

  it('says what is wrong with its files', () => {
    const faults = (name: string, files: Partial<EngineSettings>): string =>
      refused(() => createEngine(name, { ...settings, url, ...files }));
    expect(faults('openai', {})).toMatch(/^ENGINE_MODELS: is not set/);
    expect(faults('a1111', { modelsFile: '/nowhere' })).toMatch(/^ENGINE_MODELS: \/nowhere cannot/);
    expect(faults('a1111', { modelsFile: listOf({ ...model, max_width: 1 }) })).toContain(
      'max_width',
    );
    expect(faults('a1111', { modelsFile: listOf({ ...model, steps: 1 }) })).toContain('steps');
    expect(faults('a1111', { modelsFile: listOf(model, model) })).toContain('a is there twice');
    const film = { ...model, operations: ['video'] };
    expect(faults('a1111', { modelsFile: listOf(film) })).toMatch(
      /^ENGINE_MODELS: a: leave video out/,
    );
    expect(faults('sdcpp', { apiKeyFile: '/nowhere' })).toMatch(
      /^ENGINE_API_KEY_FILE: .*cannot be/,
    );
    expect(faults('sdcpp', { apiKeyFile: file(' ') })).toMatch(/^ENGINE_API_KEY_FILE: .*is empty/);
    expect(faults('sdcpp', { apiKeyFile: file('a b') })).toMatch(/one word/);
    const beside = { ...settings, apiKeyFile: file('k') };
    expect(refused(() => createEngine('builtin', beside))).toMatch(
      /^ENGINE_API_KEY_FILE: .*leave it out/,
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
