import { hashText } from '../drawing/random.js';
import type { Stage } from '../scene/stage.js';
import { Pyramid } from './pyramid.js';
import { progressOf, type Technique } from './technique.js';

/** The colour of one point of a print, packed as 0xRRGGBB. */
export type Plate = (x: number, y: number) => number;

const TILE = 16;

/**
 * Makes a picture from a plate that knows the colour of every point: first all of it
 * coarsely, then tile by tile in fine work, in an order that looks random.
 */
export class Printer implements Technique {
  readonly #rgb: Uint8Array;
  readonly #width: number;
  readonly #height: number;

  constructor(
    stage: Stage,
    private readonly passes: number,
    private readonly plate: Plate,
    private readonly after: (rgb: Uint8Array, width: number, height: number) => void,
  ) {
    this.#width = stage.surface.width;
    this.#height = stage.surface.height;
    this.#rgb = new Uint8Array(stage.surface.rgb.length);
  }

  pass(index: number): void {
    if (index === 0) this.#coarse(this.passes === 1 ? 4 : 8);
    if (this.passes === 1) return;
    const from = index === 0 ? -1 : progressOf(index - 1, this.passes) * 256;
    const to = progressOf(index, this.passes) * 256;
    for (let ty = 0; ty * TILE < this.#height; ty++) {
      for (let tx = 0; tx * TILE < this.#width; tx++) {
        const rank =
          hashText('', Math.imul(tx + 1, 0x27d4eb2d) ^ Math.imul(ty + 1, 0x165667b1)) & 255;
        if (rank > from && rank <= to) this.#fine(tx * TILE, ty * TILE);
      }
    }
  }

  finish(): Uint8Array {
    this.after(this.#rgb, this.#width, this.#height);
    return this.#rgb;
  }

  #coarse(block: number): void {
    for (let y = 0; y < this.#height; y += block) {
      for (let x = 0; x < this.#width; x += block) {
        const colour = this.plate(x + (block >> 1), y + (block >> 1));
        for (let py = y; py < Math.min(y + block, this.#height); py++) {
          for (let px = x; px < Math.min(x + block, this.#width); px++) this.#put(px, py, colour);
        }
      }
    }
  }

  // Many passes buy smooth edges: four samples for each point.
  #fine(left: number, top: number): void {
    const smooth = this.passes >= 16;
    for (let y = top; y < Math.min(top + TILE, this.#height); y++) {
      for (let x = left; x < Math.min(left + TILE, this.#width); x++) {
        this.#put(
          x,
          y,
          smooth ? averageOf(this.plate(x, y), this.plate(x + 0.5, y + 0.5)) : this.plate(x, y),
        );
      }
    }
  }

  #put(x: number, y: number, colour: number): void {
    const at = (y * this.#width + x) * 3;
    this.#rgb[at] = colour >> 16;
    this.#rgb[at + 1] = (colour >> 8) & 255;
    this.#rgb[at + 2] = colour & 255;
  }
}

const averageOf = (a: number, b: number): number =>
  ((a >> 1) & 0x7f7f7f) + ((b >> 1) & 0x7f7f7f) + (a & b & 0x010101);

/** The scene at halving sizes, for a plate to look at. */
export const pyramidOf = (stage: Stage): Pyramid =>
  new Pyramid(stage.surface.rgb, stage.surface.width, stage.surface.height);

export const pack = (r: number, g: number, b: number): number =>
  (clampByte(r) << 16) | (clampByte(g) << 8) | clampByte(b);

const clampByte = (value: number): number =>
  value < 0 ? 0 : value > 255 ? 255 : Math.round(value);

/** The same colour with its distance from grey multiplied. */
export function vivid(colour: number, factor: number): readonly [number, number, number] {
  const r = (colour >> 16) & 255;
  const g = (colour >> 8) & 255;
  const b = colour & 255;
  const grey = (r * 54 + g * 183 + b * 19) / 256;
  return [grey + (r - grey) * factor, grey + (g - grey) * factor, grey + (b - grey) * factor];
}
