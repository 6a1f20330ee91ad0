import { describe, expect, it } from '@jest/globals';
import { Problem } from '../http/problem.js';
import { contentOf } from './resolve-styles.js';
import { styles } from './styles.js';

const words = { prompt: 'a fox', negative_prompt: '', styles: [] as string[] };

describe('styles', () => {
  it('leave a request without any as it is', () =>
    expect(contentOf(words)).toEqual({ prompt: 'a fox', negativePrompt: '' }));

  it('add their words in the order asked for, and what was written is kept', () => {
    const asked = { ...words, negative_prompt: 'fog', styles: ['watercolor', 'isometric'] };
    const { prompt, negativePrompt, asked: kept } = contentOf(asked);
    expect(prompt).toMatch(/^a fox, watercolor painting.*, isometric view/);
    expect(negativePrompt).toMatch(/^fog, hard outlines, perspective/);
    expect(kept).toEqual({ prompt: 'a fox', negativePrompt: 'fog', styles: asked.styles });
  });

  it.each([
    ['watercolour', /did you mean watercolor\?/],
    ['Oil Painting', /did you mean oil-painting\?/],
    ['pixel', /pixel-art/],
    ['zzzzzzzzz', /GET \/api\/v1\/styles/],
  ])('unknown as %s are answered with what is like them', (slug, hint) => {
    const refused = () => contentOf({ ...words, styles: ['anime', slug] });
    expect(refused).toThrow(Problem);
    expect(refused).toThrow(hint);
    expect(refused).toThrow(/^VALIDATION_ERROR: \/styles\/1 /);
  });

  it('have slugs of their own', () => {
    expect(new Set(styles.map(({ slug }) => slug)).size).toBe(styles.length);
    for (const { slug } of styles) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});
