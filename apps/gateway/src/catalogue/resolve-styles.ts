import type { JobContent, StyleResource } from '@safelight/contracts';
import { Problem } from '../http/problem.js';
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
  const near = nearest(slug, styles);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '';
  const message = `is not a style; ${hint || 'GET /api/v1/styles lists them'}`;
  return new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
    errors: [{ pointer, message }],
  });
}

const MOST_HINTS = 3;

/** The slugs most like a word, if any are: an edit or two away, or one within the other. */
export function nearest(word: string, among: readonly Pick<StyleResource, 'slug'>[]): string[] {
  const wanted = word.toLowerCase().replaceAll(/[\s_]+/g, '-');
  return among
    .map(({ slug }) => ({ slug, distance: distanceOf(wanted, slug) }))
    .filter(({ slug, distance }) => distance <= Math.ceil(slug.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_HINTS)
    .map(({ slug }) => slug);
}

/** Levenshtein's distance; a word within the other is as near as can be. */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
