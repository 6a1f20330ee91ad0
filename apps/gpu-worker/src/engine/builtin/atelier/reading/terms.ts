export type Style =
  | 'painting'
  | 'oil'
  | 'impasto'
  | 'watercolour'
  | 'ink'
  | 'woodcut'
  | 'pixel'
  | 'minimal'
  | 'deco'
  | 'glass'
  | 'neon'
  | 'pastel'
  | 'pencil'
  | 'pointillism';
export type Time = 'dawn' | 'day' | 'golden' | 'dusk' | 'night';
export type Weather =
  | 'mist'
  | 'rain'
  | 'snow'
  | 'storm'
  | 'cloud'
  | 'clear'
  | 'aurora'
  | 'rainbow'
  | 'stars'
  | 'wind';
export type Season = 'spring' | 'summer' | 'autumn' | 'winter';
export type Place =
  | 'mountains'
  | 'hills'
  | 'forest'
  | 'birches'
  | 'city'
  | 'village'
  | 'desert'
  | 'meadow'
  | 'sea'
  | 'lake'
  | 'river'
  | 'snowfield'
  | 'space'
  | 'underwater'
  | 'room'
  | 'abstract'
  | 'sky'
  | 'island'
  | 'garden'
  | 'field'
  | 'volcano';
export type MotifName =
  | 'sun'
  | 'moon'
  | 'planet'
  | 'lighthouse'
  | 'boat'
  | 'ship'
  | 'tree'
  | 'pine'
  | 'birch'
  | 'palm'
  | 'cactus'
  | 'bird'
  | 'heron'
  | 'owl'
  | 'fox'
  | 'cat'
  | 'dog'
  | 'deer'
  | 'horse'
  | 'bear'
  | 'rabbit'
  | 'elephant'
  | 'camel'
  | 'fish'
  | 'whale'
  | 'butterfly'
  | 'house'
  | 'castle'
  | 'temple'
  | 'bridge'
  | 'windmill'
  | 'flower'
  | 'poppy'
  | 'sunflower'
  | 'tulip'
  | 'balloon'
  | 'train'
  | 'rocket'
  | 'teapot'
  | 'cup'
  | 'vase'
  | 'fruit'
  | 'candle'
  | 'lantern'
  | 'mushroom'
  | 'car'
  | 'walker'
  | 'umbrella'
  | 'book'
  | 'dragon'
  | 'robot'
  | 'turtle'
  | 'jellyfish'
  | 'tent'
  | 'waterfall'
  | 'bottle';
export type ColourName =
  | 'red'
  | 'orange'
  | 'yellow'
  | 'green'
  | 'teal'
  | 'blue'
  | 'violet'
  | 'pink'
  | 'brown'
  | 'black'
  | 'white'
  | 'grey'
  | 'gold';

/** What a word can mean to the painter. */
export type Term =
  | { kind: 'style'; value: Style }
  | { kind: 'time'; value: Time }
  | { kind: 'weather'; value: Weather }
  | { kind: 'season'; value: Season }
  | { kind: 'place'; value: Place }
  | { kind: 'motif'; value: MotifName }
  | { kind: 'colour'; value: ColourName }
  | { kind: 'region'; value: 'sky' | 'ground' }
  | { kind: 'number'; value: number }
  | { kind: 'size'; value: number }
  | { kind: 'mood'; value: Mood }
  | { kind: 'not' };

/** A mood in three signed parts, each about -1..1. */
export interface Mood {
  energy: number;
  warmth: number;
  light: number;
}
