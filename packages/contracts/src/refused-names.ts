/**
 * What no model, style, part or workflow may be called here: none may be made for sexual pictures or
 * for the undressing of people (floor rule F2), and what is offered under such a name is not taken
 * up. It reads names and descriptions, not what a model can do: a harmless name proves nothing, and
 * every output is looked at whatever its model is called. English, and the commonest words of a few
 * other languages, since published models rarely bear other names.
 */

/** Innocent words that have a refused one inside. */
const INNOCENT = /\b(?:sundress|laundress)(?:es)?\b|\bdenud\w*|\bnudel\w*|\bsnaked\b/gu;

/** Refused wherever they stand in a word, since they stand in no other. */
const ANYWHERE = [
  ...['nude', 'nudif', 'nudis', 'nudity', 'nsfw', 'undress', 'unclothe', 'naked', 'porn', 'hentai'],
  ...['lingerie', 'bikini', 'swimsuit', 'swimwear', 'fetish', 'uncensor', 'upskirt', 'downblouse'],
  ...[
    'striptease',
    'camgirl',
    'onlyfans',
    'blowjob',
    'handjob',
    'deepthroat',
    'cumshot',
    'masturb',
  ],
  ...['orgasm', 'creampie', 'futanari', 'lolicon', 'shotacon', 'genital', 'vagina', 'cameltoe'],
  ...['ahegao', 'bukkake', 'gangbang', 'clothoff', 'clothesoff', 'clothremov', 'clothesremov'],
  ...['clothingremov', 'removecloth', 'unclad', 'seethrough', 'boudoir'],
  ...['desnud', 'nackt', 'обнаж', 'раздева', 'голая', 'порно', 'эроти'],
  ...['裸', 'ヌード', '脱衣', '脱がせ', '情色', '나체', '누드'],
];

/** Refused at the beginning of a word. */
const BEGINNING = [
  ...['erotic', 'lewd', 'sexual', 'sexy', 'sexi', 'topless', 'ecchi', 'panties'],
  ...['underwear', 'boob', 'busty', 'bdsm', 'penis', 'nipple'],
];

/** Refused as words of their own. */
const WHOLE = [
  ...['sex', 'xxx', 'milf', 'milfs', 'bra', 'bras', 'thong', 'thongs', 'panty', 'loli', 'shota'],
  ...['anal', 'cumming', 'titties', 'cleavage', 'stripper', 'strippers', 'playboy'],
];

const GARMENT = '(?:cloth|clothes|clothing|garments?|outfits?|dress|dresses|shirts?|pants|tops?)';
/** Refused as a sequence of words; of those between a verb and a garment at most two. */
const PHRASES = [
  new RegExp(`\\b(?:remov|eras|strip)\\w* (?:(?!from |of )\\w+ ){0,2}?${GARMENT}\\b`, 'u'),
  new RegExp(`\\b(?:take|takes|taking) off (?:(?!from |of )\\w+ ){0,2}?${GARMENT}\\b`, 'u'),
  new RegExp(`\\b${GARMENT} (?:remov|eras|strip)(?!\\w* (?:from|stain))\\w*`, 'u'),
  /\b(?:cloth|clothes|clothing) (?:off|free|less|begone|be gone)\b/u,
  /\b(?:without|no|minus) (?:any )?(?:clothes|clothing)\b/u,
  /\b(?:see through|x ray) (?:cloth\w*|dress\w*|shirts?)\b/u,
  ...[/\brule 34\b/u, /\bx rated\b/u, /\br 18\b/u, /\bbig tits\b/u, /\badult content\b/u],
];

export const REFUSED_NAME_MESSAGE =
  'names what is not served here, sexual content and the undressing of people; take the entry out';

/** The part of a name or description for which it is refused, or undefined where it is not. */
export function refusedWordIn(text: string): string | undefined {
  for (const reading of readingsOf(text)) {
    const found = inReading(reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first refused word among all strings of a JSON value, as the graph of a workflow. */
export function refusedWordWithin(value: unknown): string | undefined {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'string') {
      const found = refusedWordIn(one);
      if (found !== undefined) return found;
    } else if (typeof one === 'object' && one !== null)
      open.push(...(Object.values(one) as unknown[]));
  }
  return undefined;
}

function inReading(reading: string): string | undefined {
  const text = reading.replaceAll(INNOCENT, ' ');
  for (const phrase of PHRASES) {
    const found = phrase.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return text
    .split(' ')
    .find(
      (word) =>
        WHOLE.includes(word) ||
        BEGINNING.some((stem) => word.startsWith(stem)) ||
        ANYWHERE.some((stem) => word.includes(stem)),
    );
}

/** Not those of kana, which make another letter. */
const ACCENTS = /(?<=[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]\p{M}*)\p{M}/gu;

/**
 * A text as words of small letters, in every way that a reader might divide it: as its separators
 * do, as its capitals and digits do (`NudifyXL2`), with digits and foreign letters taken for those
 * they resemble (`nud1fy`), and with letters that stand alone drawn together (`n.s.f.w`).
 */
function* readingsOf(text: string): Generator<string> {
  const plain = text
    .normalize('NFKD')
    .replaceAll(ACCENTS, '')
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFC');
  const divided = plain
    .replaceAll(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .replaceAll(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .replaceAll(/(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu, ' ');
  for (const one of [divided, plain, alike(plain)]) {
    const words = wordsOf(one);
    yield words;
    yield words.replaceAll(/(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu, '');
  }
}

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const ALIKE: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' },
  ...{ а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', х: 'x', у: 'y', і: 'i', к: 'k', ѕ: 's' },
};
const alike = (text: string): string =>
  text.toLowerCase().replaceAll(/[0134570@$аеорсхуікѕ]/gu, (letter) => ALIKE[letter] ?? letter);
