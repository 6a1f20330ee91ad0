import { type Colour, lch } from '../drawing/colour.js';
import type { ColourName, Season } from '../reading/terms.js';

/** The colours that words name. */
export const hues: Record<ColourName, Colour> = {
  red: lch(0.56, 0.21, 27),
  orange: lch(0.72, 0.17, 55),
  yellow: lch(0.87, 0.16, 95),
  green: lch(0.6, 0.14, 145),
  teal: lch(0.68, 0.11, 192),
  blue: lch(0.53, 0.16, 256),
  violet: lch(0.5, 0.18, 302),
  pink: lch(0.77, 0.13, 0),
  brown: lch(0.45, 0.075, 55),
  black: lch(0.22, 0.012, 280),
  white: lch(0.95, 0.012, 90),
  grey: lch(0.62, 0.012, 250),
  gold: lch(0.79, 0.14, 84),
};

/** The colour of grass in a season. */
export function grassColour(season: Season | undefined): Colour {
  if (season === 'autumn') return lch(0.64, 0.11, 82);
  return season === 'summer' ? lch(0.66, 0.12, 112) : lch(0.6, 0.12, 128);
}
