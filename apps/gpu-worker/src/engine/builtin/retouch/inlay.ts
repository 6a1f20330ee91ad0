import { ease } from '../atelier/drawing/turn.js';
import type { Picture } from '../picture.js';
import { distancesInside, PER_PIXEL } from './distance.js';
import type { Box } from './frame.js';
import { fillGaps } from './membrane.js';

/**
 * How deep the surroundings' colours reach into the region, as a share of its short side: into one
 * that stands in the picture, and into one that spans it, such as a background.
 */
const REACH = 0.13;
const REACH_SPANNING = 0.03;
/** How deep the soft edge is, in pixels at most; all of it lies inside the region. */
const SOFTEST = 14;

/**
 * Sets what was painted into a picture where the weights say so. Pixels of weight 0 stay as they
 * are, byte for byte; towards them the painted colours turn into those of the surroundings.
 *
 * @param painted three bytes per pixel, as large as the frame
 * @param weights of the whole picture
 */
export function inlay(
  picture: Picture,
  painted: Uint8Array,
  frame: Box,
  extent: Box,
  weights: Uint8Array,
): Picture {
  const out = picture.rgba.slice();
  const distances = distancesInside(weights, picture.width, picture.height);
  const deepest = PER_PIXEL * SOFTEST;
  const inner = deepestOf(distances);
  const short = Math.min(extent.width, extent.height);
  const soft = Math.min(deepest, (PER_PIXEL * short) / 24, inner * 0.5);
  const spans = frame.width === picture.width && frame.height === picture.height;
  const reach = Math.max(PER_PIXEL, PER_PIXEL * short * (spans ? REACH_SPANNING : REACH));
  const fitting = fittedColours(picture, painted, frame, weights);
  for (let y = extent.y; y < extent.y + extent.height; y++) {
    for (let x = extent.x; x < extent.x + extent.width; x++) {
      const i = y * picture.width + x;
      const weight = weights[i] ?? 0;
      if (weight === 0) continue;
      const far = distances[i] ?? 0;
      const share = (weight / 255) * ease(0, soft, far);
      const at = (y - frame.y) * frame.width + (x - frame.x);
      const fit = 1 - ease(0, reach, far);
      lay(out, i * 4, share, (c) => (painted[at * 3 + c] ?? 0) + fit * (fitting[at * 4 + c] ?? 0));
    }
  }
  return { ...picture, rgba: out };
}

// Painted colour over what is there, which may be partly transparent.
function lay(rgba: Uint8Array, at: number, share: number, colour: (c: number) => number): void {
  const alpha = (rgba[at + 3] ?? 255) / 255;
  const stays = alpha * (1 - share);
  const total = stays + share;
  if (total <= 0) return;
  for (let c = 0; c < 3; c++) {
    const value = (colour(c) * share + (rgba[at + c] ?? 0) * stays) / total;
    rgba[at + c] = value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
  }
  rgba[at + 3] = Math.round(total * 255);
}

function deepestOf(distances: Uint16Array): number {
  let deepest = 0;
  for (const distance of distances) if (distance > deepest) deepest = distance;
  return deepest;
}

// What must be added to the painted colours so that they meet those around the region.
function fittedColours(
  { rgba, width, height }: Picture,
  painted: Uint8Array,
  frame: Box,
  weights: Uint8Array,
): Float32Array {
  const cells = new Float32Array(frame.width * frame.height * 4);
  for (let fy = 0, o = 0; fy < frame.height; fy++) {
    const y = frame.y + fy;
    for (let fx = 0; fx < frame.width; fx++, o += 4) {
      const x = frame.x + fx;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const i = y * width + x;
      // Next to nothing is known of a colour that is all but transparent.
      if (weights[i] !== 0 || (rgba[i * 4 + 3] ?? 0) < 128) continue;
      for (let c = 0; c < 3; c++) {
        cells[o + c] = (rgba[i * 4 + c] ?? 0) - (painted[(o >> 2) * 3 + c] ?? 0);
      }
      cells[o + 3] = 1;
    }
  }
  fillGaps(cells, frame.width, frame.height);
  return cells;
}
