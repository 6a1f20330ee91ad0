import { wordImagesError } from './images/error.js';
import { wordNovitaError } from './novita/error.js';
import type { Wording } from './worded.js';

const wordDocument: Wording = (problem, { id }) => ({
  status: problem.status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  body: problem.toDocument(id),
});

const dialects: readonly (readonly [prefix: string, Wording])[] = [
  ['/v1/', wordImagesError],
  ['/v3/', wordNovitaError],
];

/**
 * How errors are told under this address: a problem document, or what the clients of a dialect can
 * read. By address and not by controller, because much is refused before a controller is found.
 */
export function wordingFor(url: string): Wording {
  return dialects.find(([prefix]) => url.startsWith(prefix))?.[1] ?? wordDocument;
}
