import { hashText } from '../drawing/random.js';
import { clamp } from '../drawing/turn.js';
import { type Token, tokensOf } from './lexicon.js';
import type { ColourName, Mood, MotifName, Place, Season, Style, Time, Weather } from './terms.js';

export interface MotifWish {
  name: MotifName;
  count: number;
  size: number;
  colour: ColourName | undefined;
  word: string;
}

/** What the painter understood of a prompt. */
export interface Brief {
  style: Style;
  time: Time | undefined;
  weather: ReadonlySet<Weather>;
  season: Season | undefined;
  places: readonly Place[];
  motifs: readonly MotifWish[];
  /** Colours that name a region, and those that name nothing in particular. */
  skyColour: ColourName | undefined;
  groundColour: ColourName | undefined;
  colours: readonly ColourName[];
  mood: Mood;
  /** A hash of every word, known or not: it steers what the words leave open. */
  accent: number;
  /** How literally the words are followed, 0..1. */
  emphasis: number;
  /** Terms the negative prompt names, as `kind:value`. */
  banned: ReadonlySet<string>;
}

/** Reads prompt and negative prompt; any text at all gives a brief. */
export function readBrief(prompt: string, negativePrompt: string, guidance: number): Brief {
  const { wanted, refused } = splitRefusals(tokensOf(prompt));
  const banned = new Set([...refused, ...tokensOf(negativePrompt)].map(keyOf).filter(Boolean));
  const tokens = wanted.filter((token) => !banned.has(keyOf(token)));
  const values = <T>(kind: string): T[] =>
    tokens.flatMap((t) => (t.term?.kind === kind && 'value' in t.term ? [t.term.value as T] : []));
  const colours = bindColours(tokens);
  return {
    style: values<Style>('style').at(-1) ?? 'painting',
    time: values<Time>('time')[0],
    weather: new Set(values<Weather>('weather')),
    season: values<Season>('season')[0],
    places: placesOf(tokens, values<Place>('place')),
    motifs: motifsOf(tokens, colours.motifs),
    skyColour: colours.sky,
    groundColour: colours.ground,
    colours: colours.free,
    mood: moodOf(values<Mood>('mood')),
    accent: hashText(tokens.map((token) => token.word).join(' ')),
    emphasis: clamp((guidance - 1) / 14),
    banned,
  };
}

const keyOf = ({ term }: Token): string =>
  term && 'value' in term && typeof term.value === 'string' ? `${term.kind}:${term.value}` : '';

function splitRefusals(tokens: readonly Token[]): { wanted: Token[]; refused: Token[] } {
  const wanted: Token[] = [];
  const refused: Token[] = [];
  let refusing = 0;
  for (const token of tokens) {
    if (token.term?.kind === 'not') refusing = 2;
    else if (refusing > 0 && token.term) {
      refused.push(token);
      refusing = 0;
    } else {
      wanted.push(token);
      refusing--;
    }
  }
  return { wanted, refused };
}

// "birch forest" is a forest of birches; "birches" alone likewise.
function placesOf(tokens: readonly Token[], places: readonly Place[]): Place[] {
  const unique = [...new Set(places)];
  const birch = tokens.some((t) => t.term?.kind === 'motif' && t.term.value === 'birch');
  if (!birch) return unique;
  return ['birches', ...unique.filter((place) => place !== 'forest')];
}

interface BoundColours {
  motifs: Map<number, ColourName>;
  sky: ColourName | undefined;
  ground: ColourName | undefined;
  free: ColourName[];
}

const SKY_WORDS =
  /^(sky|skies|heavens|sunset|sunrise|dawn|dusk|twilight|clouds?|background|night)$/;

// A colour belongs to the next thing named within two words of it; otherwise to the whole.
function bindColours(tokens: readonly Token[]): BoundColours {
  const bound: BoundColours = { motifs: new Map(), sky: undefined, ground: undefined, free: [] };
  tokens.forEach((token, i) => {
    if (token.term?.kind !== 'colour') return;
    const colour = token.term.value;
    for (const j of [i + 1, i + 2]) {
      const next = tokens[j];
      if (next?.term?.kind === 'motif') return void bound.motifs.set(j, colour);
      if (next && SKY_WORDS.test(next.word)) return void (bound.sky = colour);
      if (next?.term?.kind === 'place' || next?.term?.kind === 'region') {
        return void (bound.ground = colour);
      }
    }
    bound.free.push(colour);
  });
  return bound;
}

function motifsOf(tokens: readonly Token[], colours: Map<number, ColourName>): MotifWish[] {
  const wishes = new Map<MotifName, MotifWish>();
  tokens.forEach((token, i) => {
    if (token.term?.kind !== 'motif' || wishes.has(token.term.value)) return;
    const before = tokens.slice(Math.max(0, i - 3), i).reverse();
    wishes.set(token.term.value, {
      name: token.term.value,
      count: countBefore(before) ?? (token.plural ? 3 : 1),
      size: sizeBefore(before),
      colour: colours.get(i),
      word: token.word,
    });
  });
  return [...wishes.values()].slice(0, 8);
}

function countBefore(before: readonly Token[]): number | undefined {
  for (const { term } of before) {
    if (term?.kind === 'motif') return undefined;
    if (term?.kind === 'number') return Math.min(12, Math.max(1, term.value));
  }
  return undefined;
}

function sizeBefore(before: readonly Token[]): number {
  for (const { term } of before) {
    if (term?.kind === 'motif') return 1;
    if (term?.kind === 'size') return term.value;
  }
  return 1;
}

function moodOf(moods: readonly Mood[]): Mood {
  const share = 1 / Math.max(1, moods.length);
  return moods.reduce(
    (sum, mood) => ({
      energy: sum.energy + mood.energy * share,
      warmth: sum.warmth + mood.warmth * share,
      light: sum.light + mood.light * share,
    }),
    { energy: 0, warmth: 0, light: 0 },
  );
}
