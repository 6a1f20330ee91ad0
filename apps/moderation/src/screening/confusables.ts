/**
 * Letters of other scripts, and Latin ones without a decomposition, that look like a plain Latin
 * letter: an own selection of what Unicode calls confusables (UTS #39), lower case only, because
 * text is lower-cased before.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  a: 'аαɑᴀ∂ɐ',
  b: 'вьβʙɓƀ',
  c: 'сϲᴄςƈȼ',
  d: 'ԁɗđᴅժð',
  e: 'еєεəɛᴇҽǝɘ',
  f: 'ғƒꜰϝ',
  g: 'ɡɢǥցɠ',
  h: 'һнʜħհɦ',
  i: 'іιıɪɩӏⅰ',
  j: 'јʝϳᴊɉ',
  k: 'кκᴋƙҝ',
  l: 'ⅼʟłɭℓ',
  m: 'мϻᴍɱ',
  n: 'пηɴոռɲпи',
  o: 'оοσօᴏøө',
  p: 'рρᴘþƿ',
  q: 'ԛգʠ',
  r: 'гʀɾɼᴦя',
  s: 'ѕꜱʂƨ',
  t: 'тτᴛŧƭ',
  u: 'υսᴜʊμцυ',
  v: 'ѵνᴠʋ',
  w: 'ԝωᴡɯшѡ',
  x: 'хχҳ×',
  y: 'уγʏүყƴ',
  z: 'ᴢʐƶζ',
};

const plainOf: ReadonlyMap<string, string> = new Map(
  Object.entries(lookAlikes).flatMap(([plain, likes]) =>
    Array.from(likes, (like): [string, string] => [like, plain]),
  ),
);

const lookAlike = new RegExp(`[${[...plainOf.keys()].join('')}]`, 'gu');

/** The text with every look-alike replaced by the Latin letter it imitates. */
export function withoutLookAlikes(text: string): string {
  return text.replace(lookAlike, (like) => plainOf.get(like) ?? like);
}
