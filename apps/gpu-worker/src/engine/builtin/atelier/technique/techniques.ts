import type { Style } from '../reading/terms.js';
import { glass, neon } from './lights.js';
import {
  impasto,
  ink,
  oil,
  painting,
  pastel,
  pencil,
  pointillism,
  watercolour,
} from './painters.js';
import { deco, minimal, pixel, woodcut } from './printmakers.js';
import type { TechniqueMaker } from './technique.js';

/** The technique for each style that words can ask for. */
export const techniques: Record<Style, TechniqueMaker> = {
  painting,
  oil,
  impasto,
  watercolour,
  ink,
  woodcut,
  pixel,
  minimal,
  deco,
  glass,
  neon,
  pastel,
  pencil,
  pointillism,
};
