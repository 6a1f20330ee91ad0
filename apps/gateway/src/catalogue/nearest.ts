const MOST_HINTS = 3;
/** Longer words are compared by their beginnings: names come from outside, and there are many. */
const MOST_COMPARED = 64;

/** The names most like a word, if any are: an edit or two away, or one within the other. */
export function nearest(word: string, among: readonly string[]): string[] {
  const wanted = plain(word);
  return among
    .map((name) => {
      const most = Math.ceil(Math.min(name.length, MOST_COMPARED) / 3);
      return { name, most, distance: distanceOf(wanted, plain(name), most) };
    })
    .filter(({ distance, most }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_HINTS)
    .map(({ name }) => name);
}

const plain = (name: string) =>
  name
    .slice(0, MOST_COMPARED)
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');

/**
 * Levenshtein's distance, or infinity where that is above `most`; a word within the other is as near
 * as can be.
 */
function distanceOf(a: string, b: string, most: number): number {
  if (a.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const here = Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      least = Math.min(least, here);
      next.push(here);
    }
    // No later row has anything smaller.
    if (least > most) return Infinity;
    row = next;
  }
  return row[b.length] ?? Infinity;
}
