import { clamp, cosine, sine } from './turn.js';

/** A colour in OKLab (Ottosson 2020): lightness 0..1, green-red and blue-yellow axes. */
export interface Colour {
  readonly l: number;
  readonly a: number;
  readonly b: number;
}

/** A colour from lightness 0..1, chroma (0..~0.3) and hue in degrees. */
export const lch = (l: number, chroma: number, hue: number): Colour => ({
  l,
  a: chroma * cosine(hue / 360),
  b: chroma * sine(hue / 360),
});

export const mix = (from: Colour, to: Colour, share: number): Colour => ({
  l: from.l + (to.l - from.l) * share,
  a: from.a + (to.a - from.a) * share,
  b: from.b + (to.b - from.b) * share,
});

export const lighter = (colour: Colour, by: number): Colour => ({
  ...colour,
  l: clamp(colour.l + by),
});

export const chromaTimes = (colour: Colour, factor: number): Colour => ({
  l: colour.l,
  a: colour.a * factor,
  b: colour.b * factor,
});

/** The same lightness and chroma, seen further round the colour circle. */
export function turnHue(colour: Colour, degrees: number): Colour {
  const c = cosine(degrees / 360);
  const s = sine(degrees / 360);
  return { l: colour.l, a: colour.a * c - colour.b * s, b: colour.a * s + colour.b * c };
}

export const chromaOf = (colour: Colour): number =>
  Math.sqrt(colour.a * colour.a + colour.b * colour.b);

// x^(12/5) by Newton on the fifth root, because Math.pow may round differently elsewhere.
function powerTwelveFifths(x: number): number {
  if (x <= 0) return 0;
  const target = x * x;
  let root = x > 0.1 ? 0.8 : 0.3;
  for (let i = 0; i < 40; i++) root = (4 * root + target / (root * root * root * root)) / 5;
  return target * root;
}

const GAMMA_STEPS = 8192;
const encoded = buildGammaTable();

function buildGammaTable(): Uint8Array {
  const table = new Uint8Array(GAMMA_STEPS + 1);
  let level = 0;
  for (let i = 0; i <= GAMMA_STEPS; i++) {
    while (level < 255 && linearOf(level + 0.5) <= i / GAMMA_STEPS) level++;
    table[i] = level;
  }
  return table;
}

/** The light, 0..1, of an sRGB level 0..255. */
export function linearOf(level: number): number {
  const s = level / 255;
  return s <= 0.04045 ? s / 12.92 : powerTwelveFifths((s + 0.055) / 1.055);
}

/** The sRGB byte of light 0..1. */
export const encode = (linear: number): number =>
  encoded[Math.round(clamp(linear) * GAMMA_STEPS)] ?? 0;

export type Rgb = readonly [number, number, number];

/** Converts to sRGB bytes; what lies outside the gamut loses chroma, not hue. */
export function toRgb(colour: Colour): Rgb {
  let share = 1;
  for (let i = 0; i < 6 && !inGamut(linearRgb(chromaTimes(colour, share))); i++) share *= 0.88;
  const [r, g, b] = linearRgb(chromaTimes(colour, share));
  return [encode(r), encode(g), encode(b)];
}

const inGamut = (rgb: Rgb): boolean => rgb.every((v) => v > -0.004 && v < 1.004);

function linearRgb({ l, a, b }: Colour): Rgb {
  const lightness = clamp(l);
  const long = lightness + 0.3963377774 * a + 0.2158037573 * b;
  const medium = lightness - 0.1055613458 * a - 0.0638541728 * b;
  const short = lightness - 0.0894841775 * a - 1.291485548 * b;
  const l3 = long * long * long;
  const m3 = medium * medium * medium;
  const s3 = short * short * short;
  return [
    4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
    -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
    -0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3,
  ];
}
