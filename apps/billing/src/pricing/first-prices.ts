import type { WrittenPrices } from './price-document.js';

/**
 * The prices that every installation begins with, published by a migration: one credit per image and
 * started block of 1024 x 1024 pixels of the result; an edit costs as much as a generation of its
 * size, an upscaled image half of that; a video one credit per started second and block of 1024 x 576,
 * a face swapped in an image one credit and in a video one and a half; batch work is cheaper. Reading what the output check found
 * costs 0.0015 USD an image, at 0.04 USD a credit.
 *
 * Once released it is never edited. Other prices are a new version, published by `npm run ops -- prices`.
 */
export const firstPrices: WrittenPrices = {
  format: 1,
  version: 'price-book-3',
  effective_from: '2026-11-01T00:00:00.000Z',
  note: 'The first book that is data; as price-book-2 was, with output detection.',
  sells: ['generate', 'edit', 'upscale', 'video', 'face-swap', 'face-swap-video'],
  rules: [
    {
      ...{ id: 'image', operations: ['generate', 'edit'], models: '*' },
      ...{ per: 'image', block_pixels: 1_048_576, credits: '1' },
    },
    {
      ...{ id: 'upscaled-image', operations: ['upscale'], models: '*' },
      ...{ per: 'image', block_pixels: 1_048_576, credits: '0.5' },
    },
    {
      ...{ id: 'video', operations: ['video'], models: '*' },
      ...{ per: 'second', block_pixels: 589_824, credits: '1' },
    },
    {
      ...{ id: 'swapped-face', operations: ['face-swap'], models: '*' },
      ...{ per: 'image', block_pixels: 1_048_576, credits: '1' },
    },
    {
      ...{ id: 'swapped-face-video', operations: ['face-swap-video'], models: '*' },
      ...{ per: 'second', block_pixels: 589_824, credits: '1.5' },
    },
  ],
  add_ons: { output_detection: { credits: '0.0375' } },
  lanes: {
    interactive: { discount_percent: 0 },
    standard: { discount_percent: 0 },
    batch: { discount_percent: 20 },
  },
};
