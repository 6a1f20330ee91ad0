import type { Compound } from '../policy/policy.js';
import type { Hit } from './find.js';
import type { ConceptSet } from './lexicon.js';
import { setOf } from './lexicon.js';

/** A compound with its concepts as bit masks. */
export interface CompiledCompound {
  readonly means: ConceptSet;
  readonly first: ConceptSet;
  readonly then: ConceptSet;
  readonly within: number;
  readonly anyOrder: boolean;
}

export const compiledCompound = (compound: Compound): CompiledCompound => ({
  means: setOf([compound.means]),
  first: setOf(compound.first),
  then: setOf(compound.then),
  within: compound.within,
  anyOrder: compound.anyOrder === true,
});

/** All concepts in the hits of one reading, and what they mean together. */
export function meaningOf(
  hits: readonly Hit[],
  compounds: readonly CompiledCompound[],
): ConceptSet {
  const present = hits.reduce((set, hit) => set | hit.concepts, 0);
  if (hits.length < 2) return present;
  return compounds.reduce((set, compound) => {
    if ((present & compound.first) === 0 || (present & compound.then) === 0) return set;
    const { first, then, within } = compound;
    const together =
      isNear(hits, first, then, within) || (compound.anyOrder && isNear(hits, then, first, within));
    return together ? set | compound.means : set;
  }, present);
}

/** Words between two others count as this many letters when a text is cut into letters. */
const lettersPerWord = 4;

/** How many words apart two hits may be that mean something together, a letter being the shortest word. */
export const farthest = (compounds: readonly CompiledCompound[]): number =>
  Math.max(0, ...compounds.map(({ within }) => within * lettersPerWord));

/** Whether a hit of `first` ends at most `within` words before one of `then` begins. */
function isNear(hits: readonly Hit[], first: ConceptSet, then: ConceptSet, within: number) {
  const lettersBetween = (within - 1) * lettersPerWord;
  // Hits come ordered by where they begin: the latest ones that a later hit does not overlap count.
  let before: Hit[] = [];
  for (const hit of hits) {
    if ((hit.concepts & then) !== 0) {
      const near = before.some(
        ({ end, to }) =>
          hit.at > end && (hit.at - end <= within || hit.from - to <= lettersBetween),
      );
      if (near) return true;
    }
    if ((hit.concepts & first) !== 0) before = [...before.slice(-3), hit];
  }
  return false;
}
