import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { admitJob, listModels, newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import { Stage, spec } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('admission', () => {
  const ask = (part: Record<string, unknown> = {}) =>
    stage.requests.request(admitJob, {
      accountId: newId('acc'),
      spec: { ...spec, model: null, steps: null, ...part },
    });
  const refusal = async (part: Record<string, unknown>): Promise<DomainError> => {
    const error: unknown = await ask(part).catch((reason: unknown) => reason);
    if (error instanceof DomainError) return error;
    throw new Error('nothing was refused', { cause: error });
  };

  it('fills in defaults, forecasts, and refuses what cannot be served', async () => {
    await stage.dispatcher({ DEFAULT_MODEL: 'test/dot', MAX_WAIT_SECONDS: '1' });
    const worker = await stage.worker();
    const free = await ask();
    expect(free).toMatchObject({ model: 'test/dot', steps: 7, queuePosition: 0 });
    expect(free.etaSeconds).toBeGreaterThan(0);
    const unknown = await refusal({ model: 'test/none' });
    expect(unknown.code).toBe('model.unknown');
    expect(unknown.details['models']).toContain('test/dot');
    const wide = await refusal({ width: 2_048 });
    expect([wide.code, wide.details['field'], wide.details['limit']]).toEqual([
      ...['model.unsupported', 'width', 1_024],
    ]);
    const edit = await refusal({ operation: 'edit', automask: 'subject' });
    expect([edit.code, edit.details['operation']]).toEqual(['operation.unserved', 'edit']);
    const first = await stage.queue();
    await worker.has(first);
    for (let more = 0; more < 6; more += 1) await stage.queue({ spec: { steps: 50 } });
    const full = await eventually(() => refusal({}).catch(() => undefined));
    expect(full.code).toBe('dispatch.unavailable');
    expect(full.details['retryAfterSeconds']).toBeGreaterThan(0);
  });

  it('lets test keys have built-in models alone, whatever the default is', async () => {
    await stage.dispatcher({ DEFAULT_MODEL: 'test/dot' });
    await stage.worker({ models: ['test/dot', 'builtin/one', 'builtin/two'] });
    const test = { outcome: 'pass' };
    expect(await ask({ test })).toMatchObject({ model: 'builtin/one' });
    expect(await ask({ test, model: 'builtin/two' })).toMatchObject({ model: 'builtin/two' });
    const { code, details } = await refusal({ test, model: 'test/dot' });
    expect([code, details['models']]).toEqual(['model.unknown', ['builtin/one', 'builtin/two']]);
  });

  it('lists the models that a worker serves now, warm where one has them loaded', async () => {
    await stage.dispatcher({ DEFAULT_MODEL: 'list/a' });
    const worker = await stage.worker({ models: ['list/a', 'list/b'], warm: ['list/b'] });
    const list = async () => {
      const { models } = await stage.requests.request(listModels, {});
      return models.map(({ offer, state, isDefault }) => [offer.name, state, isDefault]);
    };
    expect(await list()).toEqual([
      ['list/a', 'cold', true],
      ['list/b', 'warm', false],
    ]);
    await worker.die();
    await eventually(async () => (await list()).length === 0);
  });

  it('knows its models after a restart, before any worker has spoken', async () => {
    const before = await stage.dispatcher();
    const worker = await stage.worker();
    await eventually(async () => {
      const { rows } = await stage.admin.query('select from dispatch.models');
      return rows.length > 0;
    });
    await worker.die();
    await before.close();
    await stage.dispatcher({ DEFAULT_MODEL: 'test/dot' });
    expect(await ask()).toMatchObject({ model: 'test/dot', steps: 7 });
  });
});
