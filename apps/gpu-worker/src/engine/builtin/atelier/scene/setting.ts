import type { Brief } from '../reading/brief.js';
import type { MotifName, Place } from '../reading/terms.js';

export type World = 'outdoors' | 'space' | 'underwater' | 'room' | 'abstract';

/** Where a picture takes place: its kind of world, and outdoors what lies in it. */
export interface Setting {
  world: World;
  places: ReadonlySet<Place>;
}

// Where a thing is at home when the words name no place.
const homes: Partial<Record<MotifName, readonly Place[]>> = {
  lighthouse: ['sea'],
  boat: ['lake', 'mountains'],
  ship: ['sea'],
  heron: ['lake', 'hills'],
  tree: ['meadow', 'hills'],
  pine: ['mountains', 'meadow'],
  birch: ['birches'],
  palm: ['sea', 'island'],
  cactus: ['desert'],
  camel: ['desert'],
  elephant: ['meadow', 'hills'],
  bird: ['sky', 'hills'],
  owl: ['forest'],
  fox: ['forest'],
  dog: ['forest'],
  deer: ['forest'],
  bear: ['forest', 'mountains'],
  rabbit: ['meadow', 'hills'],
  horse: ['meadow', 'hills'],
  mushroom: ['forest'],
  fish: ['underwater'],
  whale: ['underwater'],
  turtle: ['underwater'],
  jellyfish: ['underwater'],
  butterfly: ['meadow', 'garden'],
  house: ['meadow', 'hills'],
  castle: ['mountains', 'hills'],
  temple: ['mountains', 'forest'],
  bridge: ['river', 'hills'],
  windmill: ['meadow', 'field'],
  flower: ['room'],
  poppy: ['meadow', 'hills'],
  sunflower: ['meadow', 'field'],
  tulip: ['meadow', 'field'],
  balloon: ['hills', 'meadow'],
  train: ['hills', 'mountains'],
  rocket: ['space'],
  planet: ['space'],
  teapot: ['room'],
  cup: ['room'],
  vase: ['room'],
  fruit: ['room'],
  candle: ['room'],
  book: ['room'],
  bottle: ['room'],
  cat: ['room'],
  lantern: ['city'],
  car: ['city'],
  umbrella: ['city'],
  robot: ['city'],
  dragon: ['mountains'],
  walker: ['hills', 'meadow'],
  tent: ['mountains', 'lake'],
  waterfall: ['forest', 'hills'],
  sun: ['sea'],
  moon: ['sea', 'hills'],
};

const chanceHomes: readonly (readonly Place[])[] = [
  ['lake', 'mountains'],
  ['hills', 'meadow'],
  ['sea'],
  ['abstract'],
  ['forest'],
  ['abstract'],
];

/** Settles where the picture plays; words first, then the subjects' homes, then chance. */
export function settingOf(brief: Brief): Setting {
  const named = brief.places.filter((place) => place !== 'abstract');
  const places = new Set(named.length > 0 ? named : impliedPlaces(brief));
  if (needsWater(brief, places)) places.add('lake');
  for (const place of [...places]) if (brief.banned.has(`place:${place}`)) places.delete(place);
  if (places.has('space')) return { world: 'space', places };
  if (places.has('underwater')) return { world: 'underwater', places };
  if (places.has('room')) return { world: 'room', places };
  if (places.has('abstract')) return { world: 'abstract', places };
  return { world: 'outdoors', places };
}

const AFLOAT = new Set<MotifName>(['boat', 'ship', 'heron', 'fish', 'whale', 'turtle']);
const WET: readonly Place[] = [
  'sea',
  'lake',
  'river',
  'island',
  'underwater',
  'space',
  'room',
  'sky',
  'snowfield',
];

const needsWater = (brief: Brief, places: ReadonlySet<Place>): boolean =>
  brief.motifs.some(({ name }) => AFLOAT.has(name)) && !WET.some((place) => places.has(place));

function impliedPlaces(brief: Brief): readonly Place[] {
  const things = brief.motifs.filter(({ name }) => name !== 'sun' && name !== 'moon');
  const subject = things[0] ?? brief.motifs[0];
  const { weather, season } = brief;
  if (subject && !brief.places.includes('abstract'))
    return homes[subject.name] ?? ['meadow', 'hills'];
  if (brief.places.includes('abstract')) return ['abstract'];
  if (weather.has('snow') || season === 'winter') return ['mountains', 'forest'];
  if (weather.has('aurora')) return ['lake', 'mountains'];
  if (season === 'autumn') return ['forest'];
  if (weather.has('storm')) return ['sea'];
  if (season || weather.has('rainbow')) return ['meadow', 'hills'];
  if (brief.time || weather.size > 0)
    return brief.accent % 2 ? ['sea', 'hills'] : ['lake', 'mountains'];
  const { energy, warmth, light } = brief.mood;
  if (energy !== 0 || warmth !== 0 || light !== 0) return ['abstract'];
  return chanceHomes[brief.accent % chanceHomes.length] ?? ['abstract'];
}
