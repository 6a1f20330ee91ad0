/** What a process tells at `/metrics`: values by name and labels, as written there. */
export type Scraped = ReadonlyMap<string, number>;

export async function readMetrics(url: string): Promise<Scraped> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/**
 * The upper bound of the bucket in which `share` (0..1) of what was measured between two looks lies.
 * Infinity where it lies beyond the last bound.
 */
export function quantileOfHistogram(
  name: string,
  { before, after }: { readonly before: Scraped; readonly after: Scraped },
  share: number,
): number {
  const buckets = [...after]
    .filter(([key]) => key.startsWith(`${name}_bucket`))
    .map(([key, count]) => ({
      bound: Number((/le="([^"]+)"/.exec(key)?.[1] ?? '').replace('+Inf', 'Infinity')),
      count: count - (before.get(key) ?? 0),
    }))
    .sort((a, b) => a.bound - b.bound);
  const all = buckets.at(-1)?.count ?? 0;
  return buckets.find(({ count }) => count >= all * share)?.bound ?? Number.NaN;
}
