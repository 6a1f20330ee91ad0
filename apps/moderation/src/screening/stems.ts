import type { ConceptSet, Lexicon } from './lexicon.js';
import type { Trie } from './trie.js';

/** Parts belong to scripts beyond Greek. */
const firstWithParts = 0x370;

/** What stems and parts of the word mean. */
export function stemConcepts(
  { text, short }: { readonly text: string; readonly short: string },
  { stems, parts }: Pick<Lexicon, 'stems' | 'parts'>,
): ConceptSet {
  const found = stems.plain.at(text) | partsIn(text, parts.plain);
  if (short === text) return found;
  return found | stems.squeezed.at(short) | partsIn(short, parts.squeezed);
}

function partsIn(text: string, parts: Trie): ConceptSet {
  let found = 0;
  if (!mayHaveParts(text)) return found;
  for (let from = 0; from < text.length; from += 1) {
    if (text.charCodeAt(from) >= firstWithParts) found |= parts.at(text, from);
  }
  return found;
}

/** Whether a word that ends like this is looked through for parts. */
export const mayHaveParts = (text: string): boolean =>
  text.charCodeAt(text.length - 1) >= firstWithParts;
