/** What a word or a group of words is about. Rules speak of these, never of single words. */
export const concepts = [
  'minor',
  'person',
  'named',
  'public-figure',
  'nude',
  /** Often means nakedness, often something harmless; counts beside a minor alone. */
  'bare',
  'undress',
  'explicit',
  'suggestive',
  'remove',
  'without',
  'garment',
  'clothes',
  'off',
  'gone',
  'see-through',
  'beneath',
  'reveal',
  'intimate',
  'hate-group',
  'emblem',
  'hate',
  /** A cover of the body that the negative prompt asks to leave away. */
  'unwanted-cover',
  /** Makes a garment cover less. */
  'less',
  /** Parts of a body that need not be covered, but may not be bared on a picture of somebody. */
  'body',
  /** Naked in one language and harmless in others (`nua`); counts beside a name alone. */
  'bare-name',
] as const;
export type Concept = (typeof concepts)[number];

/** Two concepts near each other that mean a third: `remove` before `garment` is `undress`. */
export interface Compound {
  readonly means: Concept;
  readonly first: readonly Concept[];
  readonly then: readonly Concept[];
  /** How many words apart at most; 1 is side by side. */
  readonly within: number;
  readonly anyOrder?: true;
}

/** Refuses when, for each group, at least one of its concepts is there. */
export interface Rule {
  readonly id: string;
  readonly category: string;
  readonly all: readonly (readonly Concept[])[];
}

/**
 * Words, how they combine, and what is refused. An entry of the vocabulary is a word or a phrase in
 * plain lower-case letters; `/` separates alternatives within a phrase and a final `*` adds English
 * endings. A word with a final `~` stands for all that begin with it, one between two `~` (never Latin,
 * Cyrillic or Greek) for all that contain it. Entries of `unspaced` belong to scripts without spaces and
 * are found anywhere.
 */
export interface PolicyDocument {
  readonly version: string;
  readonly vocabulary: Readonly<Partial<Record<Concept, readonly string[]>>>;
  readonly unspaced: Readonly<Partial<Record<Concept, readonly string[]>>>;
  /** Harmless phrases and words; the words in them count for nothing. */
  readonly harmless: readonly string[];
  /** What a negative prompt may list because it asks for its absence. */
  readonly avoidable: readonly string[];
  readonly compounds: readonly Compound[];
  readonly rules: readonly Rule[];
}

/** The policy cannot be used: it would weaken the floor or is not well formed. */
export class PolicyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PolicyError';
  }
}

/**
 * The floor with a deployment's document on top. The document may add words, compounds and rules; the
 * floor's rules stay first, and no document has a way to take anything of the floor away: harmless
 * and avoidable phrases are the floor's alone.
 * @throws PolicyError when the document names a floor rule, or excuses words.
 */
export function above(floor: PolicyDocument, document: PolicyDocument): PolicyDocument {
  const taken = new Set(floor.rules.map(({ id }) => id));
  const clash = document.rules.find(({ id }) => taken.has(id));
  if (clash) throw new PolicyError(`rule ${clash.id} belongs to the floor`);
  if (document.harmless.length + document.avoidable.length > 0) {
    throw new PolicyError('a document above the floor cannot excuse words');
  }
  return {
    version: document.version,
    vocabulary: merged(floor.vocabulary, document.vocabulary),
    unspaced: merged(floor.unspaced, document.unspaced),
    harmless: floor.harmless,
    avoidable: floor.avoidable,
    compounds: [...floor.compounds, ...document.compounds],
    rules: [...floor.rules, ...document.rules],
  };
}

/** The words of both, by concept. */
export function merged(
  a: PolicyDocument['vocabulary'],
  b: PolicyDocument['vocabulary'],
): PolicyDocument['vocabulary'] {
  return Object.fromEntries(
    concepts.map((concept) => [concept, [...(a[concept] ?? []), ...(b[concept] ?? [])]]),
  );
}
