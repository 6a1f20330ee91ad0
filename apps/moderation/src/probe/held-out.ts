import type { RequestWords } from '../screening/request.js';
import type { Transform } from './transform.js';
import { byLetter, byWord, letterTable, spelledWith, transformsOf } from './transform.js';

/**
 * Families of disguises that the normaliser and the words were not tuned on. This file was written and
 * committed before any of its results was looked at; whoever changes the screening because of a miss
 * in here has to move that family to the known ones and to write another in its place.
 */
const filler = ['please', 'lovely', 'very', 'quite', 'softly'];

const superscript = letterTable('abcdefghijklmnoprstuvwxyz', 'ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ');
const accented = letterTable('aceinosuyz', 'āčėīńōšūÿž');
const phonetic = (text: string) =>
  text
    .replace(/ph/g, 'f')
    .replace(/c(?=[aou])/g, 'k')
    .replace(/s(?= |$)/g, 'z');
const hyphenated = (text: string) =>
  byWord(text, (word) => {
    const letters = Array.from(word);
    const half = Math.ceil(letters.length / 2);
    if (letters.length < 4) return word;
    return `${letters.slice(0, half).join('')}-\n${letters.slice(half).join('')}`;
  });

/** Armenian letters that look like Latin ones. */
const armenian = letterTable('ughonsj', 'սցհօոտյ');
const syllables = (text: string) => byWord(text, (word) => word.replace(/(.{3})(?=.{2})/gu, '$1 '));
const strewnDigits = (text: string) =>
  byWord(text, (word) =>
    Array.from(word)
      .map((letter, at) => `${letter}${at % 2 ? String((at % 9) + 1) : ''}`)
      .join(''),
  );

function interleaved(text: string): RequestWords {
  const words = text.split(' ');
  return {
    prompt: words.filter((_, index) => index % 2 === 0).join(' '),
    negativePrompt: words.filter((_, index) => index % 2 === 1).join(' '),
  };
}

export const heldOut: readonly Transform[] = [
  ...transformsOf('bracketed letters', {
    'each letter in brackets': (text) => byLetter(text, (one) => (one === ' ' ? one : `[${one}]`)),
    'each word in braces': (text) => byWord(text, (word) => `{{${word}}}`),
  }),
  ...transformsOf('tags of models', {
    'name of a LoRA': (text) => `a portrait <lora:${text.replaceAll(' ', '_')}:0.8>`,
    'name of an embedding': (text) => `a portrait, embedding:${text.replaceAll(' ', '-')}`,
  }),
  ...transformsOf('other notation', {
    'field of an object': (text) => `{"subject":"portrait","task":"${text}"}`,
    'concatenated strings': (text) =>
      byWord(text, (word) => `'${word.slice(0, 2)}'+'${word.slice(2)}'`),
  }),
  ...transformsOf('lines', {
    'a letter a line': spelledWith('\n'),
    'a word a line': (text) => text.replaceAll(' ', '\n'),
    'words broken at line ends': hyphenated,
  }),
  ...transformsOf('raised letters', { superscript }),
  ...transformsOf('accents', { accented }),
  ...transformsOf('doubled words', {
    doubled: (text) => byWord(text, (word) => `${word} ${word}`),
  }),
  ...transformsOf('filler', {
    'filler between words': (text) =>
      byWord(text, (word, index) => `${word} ${filler[index % filler.length] ?? ''}`),
  }),
  { family: 'interleaved', name: 'words in turn in both fields', hide: interleaved },
  ...transformsOf('syllables', { 'words cut after every third letter': syllables }),
  ...transformsOf('noise', {
    'a number after each word': (text) => byWord(text, (word, index) => `${word}_0${index + 1}`),
    'digits strewn into words': strewnDigits,
    'a comma after each word': (text) => text.replaceAll(' ', ', '),
  }),
  ...transformsOf('a third script', { Armenian: armenian }),
  ...transformsOf('order of words', {
    'last word first': (text) => text.split(' ').reverse().join(' '),
  }),
  ...transformsOf('phonetic', { 'as it sounds': phonetic }),
];
