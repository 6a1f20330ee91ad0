import { describe, expect, it } from '@jest/globals';
import { modelOffer } from './dispatch.js';
import { jobContent, jobSpec } from './job-spec.js';

/** As it stands in events from before pictures could be sent. */
const oldSpec = {
  ...{ operation: 'generate', model: 'builtin/atelier', width: 512, height: 512, steps: 20 },
  ...{ guidance: 7, images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 0 },
};

describe('what was written before pictures could be sent', () => {
  it('reads as a job without pictures', () => {
    expect(jobSpec.parse(oldSpec)).toEqual({
      ...oldSpec,
      ...{
        inputs: [],
        repaint: 'white',
        strength: null,
        automask: null,
        scale: null,
        seconds: null,
        fps: null,
      },
    });
    const words = { prompt: 'a lake', negativePrompt: '' };
    expect(jobContent.parse(words)).toEqual({ ...words, inputs: [] });
  });

  it('reads as an offer of nothing but what was offered', () => {
    const offer = {
      ...{ name: 'm', description: '', operations: ['generate'], maxWidth: 8, maxHeight: 8 },
      ...{ defaultSteps: 1, gpuSecondsPerMegapixelStep: 0 },
    };
    expect(modelOffer.parse(offer)).toMatchObject({ ...offer, features: [] });
  });
});
