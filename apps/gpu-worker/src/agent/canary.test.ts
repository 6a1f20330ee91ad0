import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { EngineError, type EngineProgress, type EngineRequest } from '../engine/engine.js';
import { ScriptedEngine } from '../test/scripted-engine.js';
import { flyCanary } from './canary.js';

const trial = {
  ...{ trialId: 't', epoch: 1, model: 'test/slow' },
  ...{ width: 32, height: 32, steps: 1 },
};
const never = new AbortController().signal;
let card: Uint8Array;

beforeAll(async () => {
  const create = { width: 40, height: 24, channels: 3, background: '#888' } as const;
  card = await sharp({ create }).png().toBuffer();
});
const engineThat = (said: object): ScriptedEngine => {
  const engine = new ScriptedEngine();
  engine.said = said;
  engine.free();
  return engine;
};

/** Has a size and steps of its own, as a workflow may. */
class SetInItsWays extends ScriptedEngine {
  override async run(
    request: EngineRequest,
    ...rest: [(done: EngineProgress) => void, AbortSignal]
  ) {
    if (request.width !== 64) throw new EngineError('engine.request_invalid', 'only 64');
    return super.run(request, ...rest);
  }
}

describe('a canary on a worker', () => {
  it('is a picture that can be decoded, of whatever size', async () => {
    const flown = await flyCanary(engineThat({ bytes: card }), trial, never);
    expect(flown).toMatchObject({ width: 40, height: 24 });
  });

  it('fails by a picture that cannot', async () => {
    const failing = flyCanary(engineThat({ bytes: Buffer.from('x') }), trial, never);
    await expect(failing).rejects.toMatchObject({ code: 'engine.image_unreadable' });
  });

  it('is asked for as the model is offered where it does not take less', async () => {
    const engine = new SetInItsWays();
    engine.said = { bytes: card };
    engine.free();
    await flyCanary(engine, trial, never);
    expect(engine.requests).toMatchObject([{ width: 64, height: 64, steps: 2 }]);
  });

  it('brings a picture of its own to a model that needs one', async () => {
    const engine = engineThat({ bytes: card });
    const [model] = engine.capabilities.models;
    engine.capabilities = {
      ...engine.capabilities,
      models: [{ ...model!, requires: ['image'] }],
    };
    await flyCanary(engine, trial, never);
    const [{ image, mask } = {}] = engine.requests;
    expect(await sharp(image).metadata()).toMatchObject({ format: 'png', width: 32, height: 32 });
    expect(mask).toBeUndefined();
  });

  it('ends when nobody waits for it any more, also where the engine does not', async () => {
    const engine = new ScriptedEngine();
    engine.stubborn = true;
    const failing = flyCanary(engine, trial, never, 20);
    await expect(failing).rejects.toMatchObject({ code: 'engine.too_slow' });
    engine.free();
  });

  it('ends with the worker, which is no fault', async () => {
    const closing = new AbortController();
    const failing = flyCanary(new ScriptedEngine(), trial, closing.signal);
    closing.abort();
    await expect(failing).rejects.toMatchObject({ code: 'worker.draining' });
  });
});
