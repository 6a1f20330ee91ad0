import { describe, expect, it } from '@jest/globals';
import { wordsFor } from './engine-request.js';

const asked = { prompt: 'a lake', negativePrompt: '', styles: ['film'] };
const styled = { prompt: 'a lake, film', negativePrompt: 'blurry', asked };

describe('the words of a job', () => {
  it('are those that styles made of them', () => {
    expect(wordsFor(styled, {})).toEqual({ prompt: 'a lake, film', negativePrompt: 'blurry' });
    expect(wordsFor(styled, undefined).negativePrompt).toBe('blurry');
  });

  it("lose a style's negative prompt where the model has no use for one, never the customer's", () => {
    const distilled = { withoutNegative: true };
    expect(wordsFor(styled, distilled)).toEqual({ prompt: 'a lake, film', negativePrompt: '' });
    const own = {
      ...styled,
      negativePrompt: 'boats, blurry',
      asked: { ...asked, negativePrompt: 'boats' },
    };
    expect(wordsFor(own, distilled).negativePrompt).toBe('boats');
    const plain = { prompt: 'a lake', negativePrompt: 'boats' };
    expect(wordsFor(plain, distilled)).toEqual(plain);
  });
});
