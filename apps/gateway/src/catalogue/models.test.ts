import { describe, expect, it } from '@jest/globals';
import { offerOf } from '../test/catalogue-example.js';
import { usualItem } from './models.js';

describe('what a model is priced by', () => {
  it.each([
    [['generate', 'edit'], 'generate', {}],
    [['upscale'], 'upscale', {}],
    [['edit', 'upscale'], 'edit', {}],
    [['video'], 'video', { seconds: 1, height: 576 }],
    [['video', 'generate'], 'generate', {}],
    [['face-swap'], 'face-swap', {}],
  ] as const)('is its own operation: %j', (operations, operation, more) => {
    const item = usualItem(offerOf('m', { operations: [...operations] }));
    expect(item).toMatchObject({ operation, width: 1_024, images: 1, ...more });
    expect(item.seconds !== undefined).toBe('seconds' in more);
  });
});
