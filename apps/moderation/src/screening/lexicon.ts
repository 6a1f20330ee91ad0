import type { Concept, PolicyDocument } from '../policy/policy.js';
import { concepts } from '../policy/policy.js';
import { folded, squeezed } from './normalise.js';

/** A set of concepts as a bit mask. */
export type ConceptSet = number;

export const setOf = (members: readonly Concept[]): ConceptSet =>
  members.reduce((set, concept) => set | (1 << concepts.indexOf(concept)), 0);

export interface Phrase {
  readonly words: readonly string[];
  readonly concepts: ConceptSet;
}

/** The vocabulary of a policy, ready for look-up. */
export interface Lexicon {
  /** Words by themselves. */
  readonly words: ReadonlyMap<string, ConceptSet>;
  /** The same without double letters, for words that have more of them than they should. */
  readonly squeezedWords: ReadonlyMap<string, ConceptSet>;
  /** Words that also count when blanks or signs cut them up, and every beginning of them. */
  readonly joinable: ReadonlyMap<string, ConceptSet>;
  readonly beginnings: ReadonlySet<string>;
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  /** The words and what may link them, to take run-together ones apart. */
  readonly known: ReadonlySet<string>;
  readonly harmless: ReadonlyMap<string, readonly Phrase[]>;
  readonly unspaced: readonly { readonly text: string; readonly concepts: ConceptSet }[];
}

/** Two ordinary words side by side make these ("pen is", "an al fresco lunch"). */
const neverJoined = new Set(['penis', 'anal', 'delete', 'minor', 'minors', 'sans']);
const connectives = ['the', 'all', 'this', 'that', 'take', 'and', 'with', 'from', 'your'];
const shortestJoined = 3;
/** Ordinary words with double letters become these (`brass`). */
const neverSqueezed = new Set(['bras']);

/** `names` are phrases for the concept `named`: the deployment's list of living people. */
export function lexiconOf(policy: PolicyDocument, names: readonly string[]): Lexicon {
  const words = new Map<string, ConceptSet>();
  const phrases = new Map<string, Phrase[]>();
  const vocabulary = {
    ...policy.vocabulary,
    named: [...(policy.vocabulary.named ?? []), ...names],
  };
  for (const concept of concepts) {
    for (const entry of vocabulary[concept] ?? []) {
      for (const phrase of expanded(entry)) enter(words, phrases, phrase, setOf([concept]));
    }
  }
  const harmless = new Map<string, Phrase[]>();
  for (const phrase of policy.harmless.flatMap(expanded)) enter(new Map(), harmless, phrase, 0);
  const joinable = joinableOf(words, phrases);
  return {
    words,
    squeezedWords: squeezedKeys(words),
    joinable,
    beginnings: new Set([...joinable.keys()].flatMap(beginningsOf)),
    phrases,
    known: new Set([...words.keys(), ...connectives]),
    harmless,
    unspaced: concepts.flatMap((concept) =>
      (policy.unspaced[concept] ?? []).map((entry) => ({
        text: folded(entry),
        concepts: setOf([concept]),
      })),
    ),
  };
}

/** Words and run-together phrases that are looked for in pieces. */
function joinableOf(
  words: ReadonlyMap<string, ConceptSet>,
  phrases: ReadonlyMap<string, readonly Phrase[]>,
): Map<string, ConceptSet> {
  const joinable = new Map(
    [...words].filter(([word]) => word.length >= shortestJoined && !neverJoined.has(word)),
  );
  for (const phrase of [...phrases.values()].flat()) {
    const joined = phrase.words.join('');
    joinable.set(joined, (joinable.get(joined) ?? 0) | phrase.concepts);
  }
  return joinable;
}

/** All phrases that an entry with `/` alternatives and a `*` ending stands for, as lists of words. */
export function expanded(entry: string): string[][] {
  return folded(entry)
    .split(/[\s-]+/u)
    .map((part) => part.split('/').flatMap(inflected))
    .reduce<string[][]>(
      (phrases, choices) => phrases.flatMap((p) => choices.map((choice) => [...p, choice])),
      [[]],
    );
}

function inflected(word: string): string[] {
  if (!word.endsWith('*')) return [word];
  const stem = word.slice(0, -1);
  const root = stem.endsWith('e') ? stem.slice(0, -1) : stem;
  return [
    stem,
    ...['s', 'es', 'ed', 'ing', 'er', 'ers'].map((ending) => root + ending),
    `${stem}s`,
  ];
}

function enter(
  words: Map<string, ConceptSet>,
  phrases: Map<string, Phrase[]>,
  phrase: readonly string[],
  concept: ConceptSet,
): void {
  const [first, ...rest] = phrase;
  if (first === undefined || first === '') return;
  if (rest.length > 0) {
    phrases.set(first, [...(phrases.get(first) ?? []), { words: phrase, concepts: concept }]);
    return;
  }
  words.set(first, (words.get(first) ?? 0) | concept);
}

function squeezedKeys(words: ReadonlyMap<string, ConceptSet>): Map<string, ConceptSet> {
  const keys = new Map<string, ConceptSet>();
  for (const [word, concept] of words) {
    const key = squeezed(word);
    if (!neverSqueezed.has(key)) keys.set(key, (keys.get(key) ?? 0) | concept);
  }
  return keys;
}

const beginningsOf = (word: string): string[] =>
  Array.from(word, (_, index) => word.slice(0, index + 1));
