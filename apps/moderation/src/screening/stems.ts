import type { ConceptSet, Lexicon } from './lexicon.js';
import type { Trie } from './trie.js';

/** Parts belong to scripts beyond Greek. */
const firstWithParts = 0x370;

/** A word and itself without repeated letters. */
interface Spelling {
  readonly text: string;
  readonly short: string;
}

/** What stems and parts of the word mean. */
export const stemConcepts = (word: Spelling, lexicon: Pick<Lexicon, 'stems' | 'parts'>) =>
  beginningConcepts(word, lexicon) | partConcepts(word, lexicon);

/** What the stems that the word begins with mean. */
export const beginningConcepts = (
  { text, short }: Spelling,
  { stems }: Pick<Lexicon, 'stems'>,
): ConceptSet => stems.plain.at(text) | (short === text ? 0 : stems.squeezed.at(short));

/** What the parts that the word contains mean. */
export const partConcepts = (
  { text, short }: Spelling,
  { parts }: Pick<Lexicon, 'parts'>,
): ConceptSet => partsIn(text, parts.plain) | (short === text ? 0 : partsIn(short, parts.squeezed));

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
