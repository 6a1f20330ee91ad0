import { describe, expect, it } from '@jest/globals';
import { modelOffer } from '@safelight/contracts';
import { trialOf } from './canary.js';

const offer = (name: string, gpuSecondsPerMegapixelStep: number, more = {}) =>
  modelOffer.parse({
    ...{ name, description: '', operations: ['generate'], maxWidth: 1_024, maxHeight: 128 },
    ...{ defaultSteps: 20, gpuSecondsPerMegapixelStep, ...more },
  });

describe('a canary', () => {
  it('is a small picture of few steps by the cheapest model, a loaded one before all others', () => {
    const models = [offer('dear', 3), offer('cheap', 1), offer('middling', 2)];
    const easy = { width: 256, height: 128, steps: 4 };
    expect(trialOf(models, new Set())).toEqual({ model: 'cheap', ...easy });
    expect(trialOf(models, new Set(['dear', 'middling']))?.model).toBe('middling');
  });

  it('is of a model that needs a picture where there is no other, which the worker brings', () => {
    const flow = offer('flow', 0.1, { requires: ['image'] });
    expect(trialOf([flow], new Set())?.model).toBe('flow');
    expect(trialOf([flow, offer('words', 1)], new Set())?.model).toBe('words');
    expect(
      trialOf([offer('faces', 1, { requires: ['image', 'face'] })], new Set()),
    ).toBeUndefined();
  });

  it('is not asked of a worker without a model that makes pictures from words', () => {
    expect(trialOf([offer('up', 1, { operations: ['upscale'] })], new Set())).toBeUndefined();
  });
});
