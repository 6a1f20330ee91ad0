/** What differs from one run to the next, and what stands for it. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}\b/g, '$1_…'],
  [/\bsl_(live|test)_[^\s"]+/g, 'sl_$1_…'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'time'],
  [/\bhttps?:\/\/[^\s"]+/g, 'url'],
];

const plain = (text: string): string =>
  passing.reduce((changed, [shape, name]) => changed.replaceAll(shape, name), text);

/**
 * A document without what no second run repeats: ids, keys, times, links, and the members at the
 * given JSON pointers. Two answers to the same example are equal in this form.
 */
export function likeness(value: unknown, varies: readonly string[] = [], at = ''): unknown {
  if (varies.includes(at)) return 'varies';
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map((item, i) => likeness(item, varies, `${at}/${i}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      likeness(member, varies, `${at}/${name}`),
    ]),
  );
}
