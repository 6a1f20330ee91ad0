import type { RequestWords } from '../screening/request.js';
import { benignByLanguage } from '../test/benign-by-language.js';
import { benignPrompts } from '../test/benign-prompts.js';
import { evasions } from '../test/evasions.js';

/** Requests of one kind, to be screened and timed. */
export interface Corpus {
  readonly name: string;
  readonly requests: readonly RequestWords[];
}

/** Characters of the longest prompt that is screened here. */
export const longest = 2_000;
const perKind = 60;

/**
 * Benign ones only, because they are read to the end: what is refused at first sight costs less. Short
 * ones are whole prompts; long ones are made of them, in ever other orders.
 */
export function corpora(): Corpus[] {
  const others = benignByLanguage.map(({ prompt }) => prompt);
  const languages = [...new Set(benignByLanguage.map(({ language }) => language))].map((one) =>
    benignByLanguage.filter(({ language }) => language === one).map(({ prompt }) => prompt),
  );
  const long = (prompts: readonly string[], count: number) =>
    Array.from({ length: count }, (_, seed) => filled(prompts, seed));
  return [
    { name: 'short, English', requests: benignPrompts.map(alone) },
    { name: 'short, 22 languages and more', requests: others.map(alone) },
    { name: 'long, English', requests: long(benignPrompts, perKind).map(alone) },
    { name: 'long, one language', requests: languages.flatMap((one) => long(one, 3).map(alone)) },
    { name: 'long, languages mixed', requests: long(others, perKind).map(alone) },
    { name: 'long, English in disguise', requests: disguised(benignPrompts, 2) },
    { name: 'long, languages mixed in disguise', requests: disguised(others, 2) },
  ];
}

const alone = (prompt: string): RequestWords => ({ prompt, negativePrompt: '' });

function filled(prompts: readonly string[], seed: number): string {
  let text = prompts[seed % prompts.length] ?? '';
  for (let i = 1; text.length < longest; i += 1) {
    text += `, ${prompts[(seed * 7 + i * 13) % prompts.length] ?? ''}`;
  }
  return text.slice(0, longest);
}

/** Without the splits over both fields, which give thousands of requests for a text. */
function disguised(prompts: readonly string[], times: number): RequestWords[] {
  return evasions
    .filter(({ name }) => !name.startsWith('split'))
    .flatMap(({ disguise }) =>
      Array.from({ length: times }, (_, seed) => disguise(filled(prompts, seed * 31 + 3))).flat(),
    )
    .map(({ prompt, negativePrompt }) => ({
      prompt: prompt.slice(0, longest),
      negativePrompt: negativePrompt.slice(0, longest),
    }));
}
