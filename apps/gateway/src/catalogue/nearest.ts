const MOST_HINTS = 3;

/** The names most like a word, if any are: an edit or two away, or one within the other. */
export function nearest(word: string, among: readonly string[]): string[] {
  const wanted = plain(word);
  return among
    .map((name) => ({ name, distance: distanceOf(wanted, plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.ceil(name.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_HINTS)
    .map(({ name }) => name);
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[\s_]+/g, '-');

/** Levenshtein's distance; a word within the other is as near as can be. */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
