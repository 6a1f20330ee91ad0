import type { JobContent } from '@safelight/contracts';
import { Problem } from '../http/problem.js';
import { nearest } from './nearest.js';
import { styles } from './styles.js';

const bySlug = new Map(styles.map((style) => [style.slug, style]));

/** The words of a request as a client writes them. */
interface Words {
  readonly prompt: string;
  readonly negative_prompt: string;
  readonly styles: readonly string[];
}

/**
 * The words that are screened and painted: the customer's, then those of each style in the order
 * asked for. What the customer wrote is kept beside them.
 *
 * @throws Problem VALIDATION_ERROR for a slug that is none, naming those that are like it
 */
export function contentOf({
  prompt,
  negative_prompt,
  styles: slugs,
}: Words): Omit<JobContent, 'inputs'> {
  if (slugs.length === 0) return { prompt, negativePrompt: negative_prompt };
  const chosen = slugs.map((slug, index) => bySlug.get(slug) ?? fail(unknownStyle(slug, index)));
  return {
    prompt: [prompt, ...chosen.map((style) => style.prompt)].join(', '),
    negativePrompt: [negative_prompt, ...chosen.map((style) => style.negative_prompt)]
      .filter((part) => part !== '')
      .join(', '),
    asked: { prompt, negativePrompt: negative_prompt, styles: [...slugs] },
  };
}

function fail(problem: Problem): never {
  throw problem;
}

function unknownStyle(slug: string, index: number): Problem {
  const pointer = `/styles/${index}`;
  const near = nearest(
    slug,
    styles.map((style) => style.slug),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '';
  const message = `is not a style; ${hint || 'GET /api/v1/styles lists them'}`;
  return new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
    errors: [{ pointer, message }],
  });
}
