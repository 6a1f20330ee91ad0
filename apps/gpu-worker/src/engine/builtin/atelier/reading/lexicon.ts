import { moods, numbers, signs, sizes, vocabulary } from './vocabulary.js';
import type { Term } from './terms.js';

const lexicon = buildLexicon();

function buildLexicon(): Map<string, Term> {
  const terms = new Map<string, Term>();
  const add = (words: string, term: Term): void => {
    for (const word of words.split(' ')) if (word && !terms.has(word)) terms.set(word, term);
  };
  for (const [kind, entries] of Object.entries(vocabulary)) {
    for (const [value, words] of Object.entries(entries)) {
      add(`${value} ${words}`, { kind, value } as Term);
    }
  }
  for (const [words, energy, warmth, light] of moods) {
    add(words, { kind: 'mood', value: { energy, warmth, light } });
  }
  for (const [words, value] of numbers) add(words, { kind: 'number', value });
  for (const [words, value] of sizes) add(words, { kind: 'size', value });
  for (const [sign, word] of signs) {
    const term = terms.get(word);
    if (term) terms.set(sign, term);
  }
  add('no not without except minus', { kind: 'not' });
  return terms;
}

/** One word as read: its term if the painter knows it, and whether it was a plural. */
export interface Token {
  word: string;
  term: Term | undefined;
  plural: boolean;
}

const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/stained[ -]glass/g, 'stainedglass'],
  [/art[ -](deco|nouveau)/g, 'art$1'],
  [/pixel[ -]?art|8[ -]?bit|16[ -]?bit/g, 'pixelart'],
  [/(northern|southern|polar) lights?/g, 'aurora'],
  [/golden hour/g, 'goldenhour'],
  [/milky way/g, 'milkyway'],
  [/hot[ -]air balloon/g, 'balloon'],
  [/black[ -]and[ -]white/g, 'monochrome'],
  [/still[ -]life/g, 'stilllife'],
  [/(under the sea|under ?water|deep sea|under the water)/g, 'underwater'],
  [/(ink wash|sumi[ -]?e|line art|pen and ink)/g, 'inkwash'],
  [/(lino ?cut|block print|ukiyo[ -]?e)/g, 'woodcut'],
  [/cherry (tree|blossom)s?/g, 'sakura'],
  [/low[ -]poly/g, 'lowpoly'],
  [/lavender( fields?)?/g, 'violet field'],
  [/vase of (\w+ )?flowers/g, 'vase'],
  [/outer space|deep space/g, 'space'],
];

/** Splits a prompt of any script into tokens and looks each one up. */
export function tokensOf(prompt: string): Token[] {
  let text = prompt.slice(0, 4000).normalize('NFKC').toLowerCase();
  for (const [phrase, replacement] of PHRASES) text = text.replace(phrase, replacement);
  const words = text.match(
    /\p{Script=Han}|\p{Extended_Pictographic}|[\p{L}\p{N}\p{M}]+(?:['’][\p{L}]+)?/gu,
  );
  return (words ?? []).map(tokenOf);
}

function tokenOf(word: string): Token {
  const own = lexicon.get(word);
  if (own) return { word, term: own, plural: false };
  for (const singular of singularsOf(word)) {
    const term = lexicon.get(singular);
    if (term) return { word, term, plural: true };
  }
  const digits = /^\d{1,2}$/.exec(word);
  const term: Term | undefined = digits ? { kind: 'number', value: Number(word) } : undefined;
  return { word, term, plural: false };
}

function singularsOf(word: string): string[] {
  if (!word.endsWith('s')) return [];
  const forms = [word.slice(0, -1)];
  if (word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('ves')) forms.push(`${word.slice(0, -3)}f`);
  return forms;
}
