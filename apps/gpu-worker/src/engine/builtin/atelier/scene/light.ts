import { chromaTimes, type Colour, lch, mix, turnHue } from '../drawing/colour.js';
import type { Random } from '../drawing/random.js';
import type { Brief } from '../reading/brief.js';
import type { Time } from '../reading/terms.js';
import { hues } from './hues.js';

/** The light of a scene: the sky's colours and what the air does to everything in it. */
export interface Light {
  time: Time;
  top: Colour;
  middle: Colour;
  low: Colour;
  /** Colour of the sun or moon's light. */
  beam: Colour;
  /** What distance fades to. */
  haze: Colour;
  /** How bright things are, 1 by day. */
  brightness: number;
  /** 0 by day .. 1 at night: how strongly lamps glow. */
  darkness: number;
  /** How much air lies between things, 0..1. */
  air: number;
  warmth: number;
}

type Sky = readonly [top: Colour, middle: Colour, low: Colour, beam: Colour, haze: Colour];

const skies: Record<Time, Sky> = {
  dawn: [
    lch(0.7, 0.07, 265),
    lch(0.82, 0.07, 25),
    lch(0.92, 0.09, 72),
    lch(0.97, 0.07, 85),
    lch(0.85, 0.05, 45),
  ],
  day: [
    lch(0.6, 0.125, 248),
    lch(0.77, 0.085, 235),
    lch(0.93, 0.035, 215),
    lch(0.98, 0.04, 95),
    lch(0.85, 0.04, 235),
  ],
  golden: [
    lch(0.52, 0.1, 285),
    lch(0.74, 0.14, 42),
    lch(0.87, 0.14, 78),
    lch(0.95, 0.12, 88),
    lch(0.75, 0.1, 48),
  ],
  dusk: [
    lch(0.29, 0.1, 283),
    lch(0.48, 0.13, 325),
    lch(0.73, 0.14, 45),
    lch(0.88, 0.11, 60),
    lch(0.5, 0.1, 325),
  ],
  night: [
    lch(0.2, 0.075, 276),
    lch(0.31, 0.09, 264),
    lch(0.46, 0.085, 242),
    lch(0.94, 0.035, 225),
    lch(0.39, 0.065, 252),
  ],
};

const brightnessOf: Record<Time, number> = {
  dawn: 0.9,
  day: 1,
  golden: 0.82,
  dusk: 0.58,
  night: 0.56,
};
const darknessOf: Record<Time, number> = { dawn: 0.15, day: 0, golden: 0.25, dusk: 0.75, night: 1 };
const warmthOf: Record<Time, number> = { dawn: 0.25, day: 0, golden: 0.5, dusk: 0.2, night: -0.6 };

/** Chooses the light that words, mood and chance ask for. */
export function lightOf(brief: Brief, random: Random): Light {
  const time = timeOf(brief, random);
  const [top, middle, low, beam, haze] = weathered(
    tinted(shifted(skies[time], random), brief),
    brief,
  );
  const { weather } = brief;
  const shining =
    brief.places.includes('space') ||
    brief.motifs.some(({ name }) => name === 'rocket' || name === 'planet');
  const gloom = weather.has('storm') ? 0.22 : weather.has('rain') ? 0.1 : 0;
  return {
    time,
    top,
    middle,
    low,
    beam,
    haze,
    brightness: shining
      ? 0.85
      : Math.max(0.4, brightnessOf[time] - gloom + brief.mood.light * 0.06),
    darkness: Math.min(1, darknessOf[time] + gloom * 2.5),
    air: weather.has('mist') ? 1 : weather.has('rain') || weather.has('snow') ? 0.72 : 0.5,
    warmth: warmthOf[time] + brief.mood.warmth * 0.3,
  };
}

function timeOf(brief: Brief, random: Random): Time {
  if (brief.time) return brief.time;
  const { weather, style, places } = brief;
  const names = new Set(brief.motifs.map((motif) => motif.name));
  if (weather.has('aurora') || weather.has('stars') || style === 'neon') return 'night';
  if (places.includes('space')) return 'night';
  if (names.has('moon')) return random.chance(0.6) ? 'night' : 'dusk';
  if (weather.has('storm') || weather.has('rain')) return 'day';
  if (names.has('lantern') || names.has('candle')) return 'dusk';
  if (brief.mood.light < -0.5) return 'dusk';
  const roll = ((brief.accent % 97) / 97 + random.next()) % 1;
  return roll < 0.42 ? 'day' : roll < 0.68 ? 'golden' : roll < 0.88 ? 'dawn' : 'dusk';
}

// The same hour is never quite the same colour twice.
function shifted(sky: Sky, random: Random): Sky {
  const turn = random.range(-14, 14);
  const [top, middle, low, beam, haze] = sky;
  return [
    turnHue(top, turn),
    turnHue(middle, turn),
    turnHue(low, turn / 2),
    beam,
    turnHue(haze, turn),
  ];
}

function tinted(sky: Sky, brief: Brief): Sky {
  const [top, middle, low, beam, haze] = sky;
  const strength = 0.35 + brief.emphasis * 0.3;
  if (brief.skyColour) return tintAll(sky, hues[brief.skyColour], 0.45 + brief.emphasis * 0.35);
  const [first, second] = brief.colours;
  if (!first) return sky;
  const warm = hues[first];
  const other = hues[second ?? first];
  return [
    tint(top, warm, strength),
    tint(middle, warm, strength * 0.9),
    tint(low, other, strength * 0.9),
    beam,
    tint(haze, other, strength),
  ];
}

const tintAll = ([top, middle, low, beam, haze]: Sky, hue: Colour, share: number): Sky => [
  tint(top, hue, share),
  tint(middle, hue, share),
  tint(low, hue, share * 0.8),
  tint(beam, hue, share * 0.2),
  tint(haze, hue, share * 0.8),
];

// Takes the hue, and a part of the lightness, so that a red night stays night.
const tint = (colour: Colour, hue: Colour, share: number): Colour => ({
  l: colour.l + (hue.l - colour.l) * share * 0.35,
  a: colour.a + (hue.a - colour.a) * share,
  b: colour.b + (hue.b - colour.b) * share,
});

function weathered(sky: Sky, brief: Brief): Sky {
  const { weather } = brief;
  const beam = sky[3];
  let [top, middle, low, , haze] = sky;
  if (weather.has('mist')) {
    top = mix(top, haze, 0.5);
    middle = mix(middle, haze, 0.6);
    low = mix(low, haze, 0.4);
  }
  if (weather.has('storm') || weather.has('rain') || weather.has('cloud')) {
    const share = weather.has('storm') ? 0.75 : 0.5;
    const drop = weather.has('storm') ? 0.16 : 0.07;
    const dull = (c: Colour, by: number): Colour =>
      mix(c, lch(Math.max(0.12, c.l - drop * by), 0.03, 235), brief.style === 'neon' ? 0.2 : share);
    [top, middle, low, haze] = [dull(top, 1.3), dull(middle, 1), dull(low, 0.5), dull(haze, 0.8)];
  }
  if (weather.has('snow') || brief.season === 'winter') {
    haze = mix(haze, lch(haze.l, 0.02, 250), 0.6);
    low = chromaTimes(low, 0.7);
    middle = chromaTimes(middle, 0.75);
  }
  return [top, middle, low, beam, haze];
}
