import { type Commission, Painting } from '../atelier/painting.js';
import type { Stage } from '../atelier/scene/stage.js';
import type { Picture } from '../picture.js';
import type { Region, Work } from '../tasks.js';
import { automask } from './automask.js';
import { type Box, cropped, extentOf, type Frame, frameFor, shrunk } from './frame.js';
import { inlay } from './inlay.js';
import { newLab, readLab, writeLab } from './oklab.js';
import { type Palette, paletteOf, paletteShift } from './palette.js';
import { LeaningPainting } from './rework.js';

/** How far a new part of a picture takes on the colours of what is around it. */
const KINSHIP = 0.3;

interface Plan {
  readonly weights: Uint8Array;
  readonly extent: Box;
  readonly frame: Frame;
  readonly painting: { pass(): number; finish(): Uint8Array };
}

/**
 * Repaints a region of a picture with a scene of the words. A strength below 1 works what is there
 * into that scene. Pixels outside the region stay as they are, byte for byte.
 */
export class Repaint implements Work {
  readonly steps: number;
  readonly #plan: Plan | undefined;
  #done = 0;

  /** @throws TaskRefused `engine.region_not_found` when there is no telling what to repaint */
  constructor(
    commission: Commission,
    private readonly picture: Picture,
    region: Region,
    strength: number,
  ) {
    this.steps = Math.max(1, Math.floor(commission.steps));
    const weights = typeof region === 'string' ? automask(picture, region) : region;
    const extent = extentOf(weights, picture.width, picture.height);
    if (!extent || strength <= 0) return;
    const frame = frameFor(extent, { x: 0, y: 0, width: picture.width, height: picture.height });
    const asked = { ...commission, width: frame.paintWidth, height: frame.paintHeight };
    const painting =
      strength < 1
        ? new LeaningPainting(asked, cropped(picture, frame), strength)
        : new Painting(asked, akinTo(surroundings(picture, weights, frame)));
    this.#plan = { weights, extent, frame, painting };
  }

  pass(): number {
    if (this.#done < this.steps) this.#done++;
    this.#plan?.painting.pass();
    return this.#done;
  }

  finish(): Picture {
    if (!this.#plan) return this.picture;
    const { weights, extent, frame, painting } = this.#plan;
    return inlay(this.picture, shrunk(painting.finish(), frame), frame, extent, weights);
  }
}

/** Moves a scene's colours some way towards a palette. */
const akinTo =
  (palette: Palette | undefined) =>
  ({ surface: { rgb } }: Stage): void => {
    if (!palette) return;
    const shift = paletteShift(paletteOf(rgb), palette, KINSHIP);
    const lab = newLab();
    for (let i = 0; i < rgb.length; i += 3) {
      readLab(rgb, i, lab);
      shift(lab);
      writeLab(lab, rgb, i);
    }
  };

// The colours in the frame that stay: none, where all is repainted.
function surroundings(
  { rgba, width, height }: Picture,
  weights: Uint8Array,
  frame: Box,
): Palette | undefined {
  const left = Math.max(0, frame.x);
  const right = Math.min(width, frame.x + frame.width);
  const kept: number[] = [];
  for (let y = Math.max(0, frame.y); y < Math.min(height, frame.y + frame.height); y += 2) {
    for (let i = y * width + left; i < y * width + right; i += 2) {
      if (weights[i] !== 0 || (rgba[i * 4 + 3] ?? 0) < 128) continue;
      kept.push(rgba[i * 4] ?? 0, rgba[i * 4 + 1] ?? 0, rgba[i * 4 + 2] ?? 0);
    }
  }
  return kept.length < 300 ? undefined : paletteOf(Uint8Array.from(kept));
}
