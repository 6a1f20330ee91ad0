import type { Oval } from './oval.js';
import { patchesIn, type Patch } from './patches.js';
import type { Tints } from './tints.js';

/** A patch covers at least this share of the picture. */
const LEAST_SHARE = 0.004;
/** Of the cells in a patch's oval, so many have its colour; eyes, brows and a mouth need not. */
const LEAST_FILLED = 0.6;
/** How far the halves may differ, as a share of the face's own range of lightness. */
const MOST_LOPSIDED = 0.45;
/** An eye is at least so much darker than the skin around. */
const EYE_DARKER = 0.82;
/** Taller patches have a neck: what is below is left away. */
const TALLEST = 1.35;

/**
 * The largest region that looks like a face seen from the front, as a share of the picture's sides:
 * an oval of the colour of skin with two dark places side by side above its middle, alike on both
 * halves. A rule of thumb without any trained model: it finds no face in profile, in odd light, without
 * colours, or of a skin that the light has taken out of the usual range, and may take an owl for one.
 */
export function findFace(tints: Tints): Oval | undefined {
  const cells = tints.width * tints.height;
  return patchesIn(tints, isSkin)
    .filter(({ area }) => area >= Math.max(24, LEAST_SHARE * cells))
    .sort((a, b) => b.area - a.area)
    .map((patch) => ovalOf(patch))
    .find((oval) => isFilled(tints, oval) && hasEyes(tints, oval) && isEven(tints, oval));
}

/** The usual range of skin in YCbCr (Chai and Ngan, IEEE TCSVT 9/4, 1999). */
const isSkin = ({ y, cb, cr }: Tints, cell: number): boolean =>
  (y[cell] ?? 0) > 30 &&
  (cb[cell] ?? 0) >= 77 &&
  (cb[cell] ?? 0) <= 127 &&
  (cr[cell] ?? 0) >= 133 &&
  (cr[cell] ?? 0) <= 173;

/** In cells, from the moments of the patch. */
function ovalOf({ left, right, top, bottom, meanX }: Patch): Oval {
  const rx = (right - left + 1) / 2;
  const ry = Math.min((bottom - top + 1) / 2, rx * TALLEST);
  return { cx: Math.abs(meanX - left - rx) < rx * 0.2 ? meanX : left + rx, cy: top + ry, rx, ry };
}

/** The lightness of the places of an oval: `u` from left to right, `v` from top to bottom, -1..1. */
function lightAt(
  { y, width, height }: Tints,
  { cx, cy, rx, ry }: Oval,
  u: number,
  v: number,
): number {
  const column = Math.min(width - 1, Math.max(0, Math.floor(cx + u * rx)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(cy + v * ry)));
  return y[row * width + column] ?? 0;
}

const STEP = 0.125;
/** Places inside the unit disc, evenly. */
const places: readonly (readonly [number, number])[] = Array.from(
  { length: 17 * 17 },
  (_, at) => [((at % 17) - 8) * STEP, (Math.floor(at / 17) - 8) * STEP] as const,
).filter(([u, v]) => u * u + v * v <= 0.8);

function isFilled(tints: Tints, oval: Oval): boolean {
  const { width, height } = tints;
  const ratio = oval.ry / oval.rx;
  if (ratio < 0.8) return false;
  const skin = places.filter(([u, v]) => {
    const column = Math.floor(oval.cx + u * oval.rx);
    const row = Math.floor(oval.cy + v * oval.ry);
    const inside = column >= 0 && row >= 0 && column < width && row < height;
    return inside && isSkin(tints, row * width + column);
  });
  return skin.length >= LEAST_FILLED * places.length;
}

/** Two dark places of about the same height, left and right above the middle. */
function hasEyes(tints: Tints, oval: Oval): boolean {
  const lights = places.map(([u, v]) => lightAt(tints, oval, u, v)).sort((a, b) => a - b);
  const skin = lights[lights.length >> 1] ?? 0;
  const [left, right] = [-1, 1].map((side) => {
    let [darkest, at] = [Infinity, 0];
    for (let u = 0.2; u <= 0.65; u += 0.05) {
      for (let v = -0.5; v <= 0.15; v += 0.05) {
        const light = lightAt(tints, oval, side * u, v);
        if (light < darkest) [darkest, at] = [light, v];
      }
    }
    return { darkest, at };
  }) as [{ darkest: number; at: number }, { darkest: number; at: number }];
  // Between the eyes there is skin, not a bar or a shadow across the whole.
  const bridge = lightAt(tints, oval, 0, (left.at + right.at) / 2);
  const dark = Math.max(left.darkest, right.darkest);
  return dark < EYE_DARKER * skin && dark < 0.9 * bridge && Math.abs(left.at - right.at) < 0.3;
}

function isEven(tints: Tints, oval: Oval): boolean {
  let [apart, low, high] = [0, Infinity, -Infinity];
  for (const [u, v] of places) {
    const [one, other] = [lightAt(tints, oval, u, v), lightAt(tints, oval, -u, v)];
    apart += Math.abs(one - other) / places.length;
    low = Math.min(low, one);
    high = Math.max(high, one);
  }
  return apart < MOST_LOPSIDED * Math.max(1, high - low);
}
