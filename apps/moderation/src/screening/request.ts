import type { PolicyDocument } from '../policy/policy.js';
import { folded } from './fold.js';
import { expanded } from './lexicon.js';
import type { Tokens } from './tokens.js';
import type { Word } from './words.js';
import { wordsOf } from './words.js';

/** The words of a request as a client wrote them. */
export interface RequestWords {
  readonly prompt: string;
  readonly negativePrompt: string;
}

/** Stands between the prompt and the items of the negative prompt; taken out of what clients send. */
export const boundary = '\u001e';
const separator = /[,;\n\r，、；。|]+/u;
/** Alone it can only mean "avoid this"; the other avoidable phrases must stand in a list. */
const labelOfAvoidance = 'nsfw';

export type Avoidable = ReadonlySet<string>;

export const avoidableOf = (policy: PolicyDocument): Avoidable =>
  new Set(policy.avoidable.flatMap(expanded).map((phrase) => phrase.join(' ')));

/**
 * Both fields as one text, so that words split over them meet again. Items of the negative prompt
 * that plainly ask for the absence of something refused ("blurry, nsfw, nude") are left out: clients
 * who mean well send them with every request.
 */
export function joinedText(request: RequestWords, avoidable: Avoidable): string {
  const items = request.negativePrompt
    .replaceAll(boundary, ' ')
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const kept = items.filter((item) => {
    const plain = folded(item);
    return !avoidable.has(plain) || (items.length < 2 && plain !== labelOfAvoidance);
  });
  return [request.prompt.replaceAll(boundary, ' '), ...kept].join(boundary);
}

/** The words of a reading of the joined text, each with the item it belongs to. */
export function wordsOfRequest(reading: string, tokens: Tokens): Word[] {
  if (!reading.includes(boundary)) return wordsOf(reading, 0, tokens);
  return reading.split(boundary).flatMap((part, item) => wordsOf(part, item, tokens));
}

/** The negative prompt's words before the prompt's, for phrases split the other way round. */
export function negativeFirst(words: readonly Word[]): Word[] {
  return [...words.filter(({ item }) => item > 0), ...words.filter(({ item }) => item === 0)];
}

/** A reading of the joined text with the items of the negative prompt first. */
export function fieldsExchanged(reading: string): string {
  if (!reading.includes(boundary)) return reading;
  const [prompt = '', ...items] = reading.split(boundary);
  return [...items, prompt].join(boundary);
}
