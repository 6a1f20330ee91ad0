import type { Trie } from './trie.js';

const shortestWord = 3;
const shortestRun = 7;
const longestRun = 40;

/**
 * A word that is nothing but known words run together (`removeherclothes`) taken apart: the fewest
 * known words that make it up, found from its end to its beginning; of as few, the longest first.
 * `undefined` for any other. Time is bounded by its length squared.
 */
export function segmentsOf(text: string, known: Trie): string[] | undefined {
  if (text.length < shortestRun || text.length > longestRun) return undefined;
  const from: (string[] | undefined)[] = [];
  from[text.length] = [];
  for (let start = text.length - shortestWord; start >= 0; start -= 1) {
    known.walk(text, start, (end) => {
      const rest = from[end];
      const best = from[start];
      if (end - start < shortestWord || !rest || (best && best.length <= rest.length)) return;
      from[start] = [text.slice(start, end), ...rest];
    });
  }
  return from[0];
}
