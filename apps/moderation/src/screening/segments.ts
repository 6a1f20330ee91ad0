import type { Word } from './words.js';
import { wordOf } from './words.js';

const shortestWord = 3;
const shortestRun = 7;
const longestRun = 40;

/**
 * Words that are nothing but known words run together (`removeherclothes`) taken apart; all others
 * as they are. Each run is tried from every known beginning, so time is bounded by its length squared.
 */
export function segmentedWords(words: readonly Word[], known: ReadonlySet<string>): Word[] {
  return words.flatMap((word) => {
    const { length } = word.text;
    if (length < shortestRun || length > longestRun || known.has(word.text)) return [word];
    const parts = partsOf(word.text, known);
    return parts?.map((text) => wordOf(text, word)) ?? [word];
  });
}

/** The fewest known words that make up `text`, found from its end to its beginning. */
function partsOf(text: string, known: ReadonlySet<string>): string[] | undefined {
  const from: (string[] | undefined)[] = [];
  from[text.length] = [];
  for (let start = text.length - shortestWord; start >= 0; start -= 1) {
    for (let end = text.length; end >= start + shortestWord; end -= 1) {
      const rest = from[end];
      const best = from[start];
      if (!rest || (best && best.length <= rest.length + 1)) continue;
      const part = text.slice(start, end);
      if (known.has(part)) from[start] = [part, ...rest];
    }
  }
  return from[0];
}
