import type { Concept, PolicyDocument } from '../policy/policy.js';
import { concepts } from '../policy/policy.js';
import { withoutLookAlikes } from './confusables.js';
import { folded } from './fold.js';
import { squeezed } from './normalise.js';
import type { Phrase, PhraseNode } from './phrases.js';
import { phraseTrees } from './phrases.js';
import type { ConceptSet } from './trie.js';
import type { SpellingNode } from './spelling.js';
import { spellingOf } from './spelling.js';
import { Trie } from './trie.js';

export type { ConceptSet };

export const setOf = (members: readonly Concept[]): ConceptSet =>
  members.reduce((set, concept) => set | (1 << concepts.indexOf(concept)), 0);

export const membersOf = (set: ConceptSet): Concept[] =>
  concepts.filter((_, at) => (set & (1 << at)) !== 0);

/** With a copy without double letters, for words that have more of them than they should. */
export interface Stems {
  readonly plain: Trie;
  readonly squeezed: Trie;
}

/** The vocabulary of a policy, ready for look-up. */
export interface Lexicon {
  /** Words by themselves. */
  readonly words: ReadonlyMap<string, ConceptSet>;
  /** The same without double letters, for words that have more of them than they should. */
  readonly squeezedWords: ReadonlyMap<string, ConceptSet>;
  /** Words that also count when blanks or signs cut them up. */
  readonly joinable: Trie;
  readonly phrases: ReadonlyMap<string, PhraseNode>;
  /** Words in the longest phrase, harmless or not. */
  readonly longestPhrase: number;
  /** The words and what may link them, to take run-together ones apart. */
  readonly known: ReadonlySet<string>;
  readonly knownTrie: Trie;
  readonly harmless: ReadonlyMap<string, PhraseNode>;
  /** Beginnings of words (`obnazen~`). */
  readonly stems: Stems;
  /** Pieces of words (`~나체~`). */
  readonly parts: Stems;
  /** Found anywhere in text of scripts without spaces, once the harmless ones are taken out of it. */
  readonly unspaced: Trie;
  readonly harmlessUnspaced: readonly string[];
  readonly harmlessUnspacedPattern: RegExp;
  /** All words that mean something, alone or in phrases, for the mending of misspelled ones. */
  readonly spelling: SpellingNode;
  readonly vocabulary: ReadonlySet<string>;
  /** Harmless words by themselves, which a stem would take for others. */
  readonly harmlessWords: ReadonlySet<string>;
}

/** Two ordinary words side by side make these ("pen is", "an al fresco lunch"). */
const neverJoined = new Set(['penis', 'anal', 'delete', 'minor', 'minors', 'sans']);
const connectives = ['the', 'all', 'this', 'that', 'take', 'and', 'with', 'from', 'your'];
const shortestJoined = 3;
/** Ordinary words with double letters become these (`brass`). */
const neverSqueezed = new Set(['bras']);

/** `names` are phrases for the concept `named`: the deployment's list of living people. */
export function lexiconOf(policy: PolicyDocument, names: readonly string[]): Lexicon {
  const collected = collectedFrom({
    ...policy.vocabulary,
    named: [...(policy.vocabulary.named ?? []), ...names],
  });
  const { words, phrases, stems, parts } = collected;
  const harmless = new Map<string, Phrase[]>();
  const harmlessWords = new Map<string, ConceptSet>();
  for (const phrase of policy.harmless.flatMap(expanded)) {
    enter(harmlessWords, harmless, phrase, 0);
  }
  const known = new Set([...words.keys(), ...connectives]);
  const vocabulary = new Set([
    ...words.keys(),
    ...[...phrases.values()].flat().flatMap((phrase) => phrase.words),
  ]);
  const harmlessUnspaced = [...harmlessWords.keys()].filter((word) => spaceless.test(word));
  return {
    vocabulary,
    spelling: spellingOf(vocabulary, stems.keys()),
    words,
    squeezedWords: squeezedKeys(words),
    joinable: trieOf(joinableOf(collected)),
    phrases: phraseTrees(phrases),
    longestPhrase: longestOf([...phrases.values(), ...harmless.values()]),
    known,
    knownTrie: trieOf([...known].map((word) => [word, 1])),
    harmless: phraseTrees(harmless),
    harmlessWords: new Set(harmlessWords.keys()),
    stems: stemsOf(stems),
    parts: stemsOf(parts),
    unspaced: unspacedOf(policy),
    harmlessUnspaced,
    // Without words in it, it must match nothing.
    harmlessUnspacedPattern: new RegExp(harmlessUnspaced.join('|') || '$.', 'g'),
  };
}

const longestOf = (lists: readonly (readonly Phrase[])[]): number =>
  lists.flat().reduce((longest, { words }) => Math.max(longest, words.length), 0);

const spaceless = /[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/;

interface Collected {
  readonly words: Map<string, ConceptSet>;
  readonly stems: Map<string, ConceptSet>;
  readonly parts: Map<string, ConceptSet>;
  readonly phrases: Map<string, Phrase[]>;
}

/** Every entry where it is looked up; Greek and Cyrillic ones also as their look-alikes would be read. */
function collectedFrom(vocabulary: PolicyDocument['vocabulary']): Collected {
  const collected: Collected = {
    ...{ words: new Map(), stems: new Map(), parts: new Map(), phrases: new Map() },
  };
  const { words, stems, parts, phrases } = collected;
  const place = (entry: string, concept: ConceptSet) => {
    const text = entry.replaceAll('~', '');
    if (entry.startsWith('~')) parts.set(text, (parts.get(text) ?? 0) | concept);
    else if (entry.endsWith('~')) stems.set(text, (stems.get(text) ?? 0) | concept);
    else words.set(text, (words.get(text) ?? 0) | concept);
  };
  for (const concept of concepts) {
    for (const phrase of (vocabulary[concept] ?? []).flatMap(expanded)) {
      const [first = ''] = phrase;
      if (phrase.length > 1) enter(words, phrases, phrase, setOf([concept]));
      else for (const shape of shapesOf(first)) place(shape, setOf([concept]));
    }
  }
  return collected;
}

const fromLookAlikes = /[\u0370-\u052f]/;
const shortestLookAlike = 5;

/** A word as it stands, and as a reading shows it in which Latin letters may have replaced some. */
function shapesOf(word: string): string[] {
  if (!fromLookAlikes.test(word)) return word === '' ? [] : [word];
  const shown = withoutLookAlikes(word);
  // Short ones that turn wholly Latin are words of some other language.
  const ordinary = !fromLookAlikes.test(shown) && shown.length < shortestLookAlike;
  return ordinary ? [word] : [word, shown];
}

const phraseShapesOf = (phrase: readonly string[]): (readonly string[])[] =>
  phrase.some((word) => fromLookAlikes.test(word))
    ? [phrase, phrase.map(withoutLookAlikes)]
    : [phrase];

function stemsOf(entries: ReadonlyMap<string, ConceptSet>): Stems {
  const [plain, short] = [new Trie(), new Trie()];
  for (const [entry, concept] of entries) {
    plain.add(entry, concept);
    short.add(squeezed(entry), concept);
  }
  return { plain, squeezed: short };
}

function unspacedOf(policy: PolicyDocument): Trie {
  const trie = new Trie();
  for (const concept of concepts) {
    for (const entry of policy.unspaced[concept] ?? []) {
      trie.add(folded(entry), setOf([concept]));
      trie.add(squeezed(folded(entry)), setOf([concept]));
    }
  }
  return trie;
}

/** Words and run-together phrases that are looked for in pieces. */
function joinableOf({ words, stems, parts, phrases }: Collected): Map<string, ConceptSet> {
  const joinable = new Map(
    [...words].filter(([word]) => isLongEnough(word) && !neverJoined.has(word)),
  );
  const join = (text: string, concept: ConceptSet) =>
    joinable.set(text, (joinable.get(text) ?? 0) | concept);
  for (const [stem, concept] of [...stems, ...parts]) {
    if (stem.length >= shortestStemJoined || beyondLatin.test(stem)) join(stem, concept);
  }
  for (const phrase of [...phrases.values()].flat()) join(phrase.words.join(''), phrase.concepts);
  return joinable;
}

const shortestStemJoined = 4;
const syllables = /^[\uac00-\ud7a3]{2}/;
const isLongEnough = (word: string): boolean =>
  word.length >= shortestJoined || syllables.test(word);
const beyondLatin = /[\u0370-\uffff]/;

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
    for (const shown of phraseShapesOf(phrase)) {
      const [head = ''] = shown;
      phrases.set(head, [...(phrases.get(head) ?? []), { words: shown, concepts: concept }]);
    }
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

function trieOf(entries: Iterable<readonly [string, ConceptSet]>): Trie {
  const trie = new Trie();
  for (const [entry, concepts] of entries) trie.add(entry, concepts);
  return trie;
}
