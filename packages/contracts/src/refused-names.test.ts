import { describe, expect, it } from '@jest/globals';
import { refusedWordIn, refusedWordWithin } from './refused-names.js';

describe('a name for sexual content or the undressing of people', () => {
  it.each([
    ...['nudify', 'deepnude', 'NudifyXL', 'clothes-remover', 'RealNudes v3', 'nsfwXL', 'bikini'],
    ...['NSFWmodel', 'AInude', 'deepNUDE', 'nude', 'nudity', 'Naked_Truth', 'pornmaster-v7'],
    ...['nud1fy', 'p0rn', 'N.S.F.W', 'n s f w', 'S3X', 'xxx', 'undress-ai', 'aiundress', 'Sex XL'],
    ...[
      'ClothOff',
      'remove clothes',
      'removes all her clothing',
      'takes off the dress',
      'dress remover',
    ],
    ...['see-through shirt', 'without clothes', 'rule34', 'hentai_diffusion', 'microBikiniLora'],
    ...[
      'nudе',
      'nüde',
      'ｎｓｆｗ',
      'nu\u200bde',
      'desnudar',
      '裸体',
      'ヌード',
      'sexy-style',
      'lingerieXL',
    ],
    ...['Busty', 'uncensored', 'SDXL.nsfw.safetensors', 'loras/nudes/v3', 'sexual poses'],
  ])('is refused: %s', (name) => {
    expect(refusedWordIn(name)).toBeDefined();
  });
});

describe('a name for something else', () => {
  it.each([
    ...[
      'safelight-test',
      'sdxl',
      'FLUX.1 [dev]',
      'wan2.2-i2v',
      'Realistic Vision v5.1',
      'DreamShaper XL',
    ],
    ...[
      'sundress',
      'A red sun dress',
      'laundress',
      'denuded hills',
      'nudibranch',
      'Spätzle-Nudeln',
    ],
    ...[
      'snaked road',
      'Essex',
      'Middlesex landscapes',
      'sextant',
      'heterotic',
      'sclerotic',
      'nudge',
    ],
    ...[
      'background-remover',
      'object removal',
      'Removes a background',
      'brand',
      'zebra',
      'Library',
    ],
    ...[
      '4x-UltraSharp',
      'dress designer',
      'clothing catalogue',
      'Removes stains from clothing photos',
    ],
    ...[
      'film strip',
      'Analog film',
      'analysis',
      'XXXL posters',
      'model_v3.safetensors',
      'Menu board',
    ],
    ...['ink_v3.safetensors', 'umt5_xxl_fp8', 'cumulus clouds', 'Euler a', 'Nuremberg'],
  ])('is taken: %s', (name) => {
    expect(refusedWordIn(name)).toBeUndefined();
  });
});

it('finds a refused word however deep it stands in a graph', () => {
  const graph = {
    '4': { class_type: 'Loader', inputs: { text: ['4', 0], lora: 'a/NudifyXL.st' } },
  };
  expect(refusedWordWithin(graph)).toBe('nudify');
  expect(refusedWordWithin({ '4': { inputs: { lora: 'ink.st', seed: 1, on: true } } })).toBe(
    undefined,
  );
});
