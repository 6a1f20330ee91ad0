import { describe, expect, it } from '@jest/globals';
import { jobSpec } from '@safelight/contracts';
import { askedOf } from './retries.js';

const spec = jobSpec.parse({
  ...{ operation: 'generate', model: 'm', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
});

describe('a job that is made again', () => {
  it('names the pool that it was asked to go to, not one that was chosen for it', () => {
    expect(askedOf({ ...spec, pool: 'lake' })).toEqual({ ...spec, pool: 'lake' });
    expect(askedOf({ ...spec, pool: 'lake', poolChosen: true })).toEqual(spec);
    expect(askedOf(spec)).toEqual(spec);
  });
});
