import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { failureOf } from '../../agent/failure.js';
import type { EngineRequest } from '../engine.js';
import { finished } from './finished.js';
import { offerOf, parseModelList } from './model-list.js';

const model = {
  ...{ name: 'a', description: 'A', operations: ['generate'], default_steps: 20 },
  ...{ max_width: 1_024, max_height: 1_024, gpu_seconds_per_megapixel_step: 1 },
};
const listing = (part: object) => () =>
  parseModelList({ models: [{ ...model, ...part }] }, 'm.json');

describe('a model of a server', () => {
  it('is read', () => {
    expect(listing({})().models[0]).toMatchObject({ name: 'a' });
  });

  it.each([
    [{}, false],
    [{ guidance: 'distilled' }, true],
    [{ extended: false }, true],
  ])('says whether a negative prompt is of use to it: %j', (part, without) => {
    const [one] = listing(part)().models;
    expect(one && offerOf(one).withoutNegative).toBe(without);
  });

  it.each([
    [
      'more pixels than can be read again',
      { max_width: 8_192, max_height: 8_192 },
      /40 megapixels/,
    ],
    ['a name of what is not served', { name: 'deepnude' }, /not served here/],
    ['an engine name of it', { engine_name: 'NudifyXL.safetensors' }, /not served here/],
    ['a description of it', { description: 'undresses people' }, /not served here/],
  ])('is refused for %s', (_, part, words) => {
    expect(listing(part)).toThrow(words);
  });
});

describe('a result that is too large to be marked', () => {
  it('is told as that, and not tried elsewhere', async () => {
    const create = { width: 7_000, height: 6_000, channels: 3, background: '#888' } as const;
    const bytes = await sharp({ create }).png({ compressionLevel: 1 }).toBuffer();
    const request: EngineRequest = {
      operation: 'generate',
      format: 'png',
      ...{ model: 'a', prompt: '', negativePrompt: '' },
      ...{ width: 7_000, height: 6_000, steps: 1, guidance: 1, seed: 1 },
    };
    const error: unknown = await finished(bytes, request).catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toMatchObject({ code: 'engine.output_too_large', retryable: false });
    const other: unknown = await finished(Buffer.from('x'), request).catch((e: unknown) => e);
    expect(failureOf(other)).toMatchObject({ code: 'engine.output_unreadable', retryable: true });
  });
});
