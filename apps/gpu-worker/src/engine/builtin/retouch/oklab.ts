import { encode, linearOf } from '../atelier/drawing/colour.js';

// Written for millions of pixels: tables, and results that go into a buffer of the caller's. No
// Math.cbrt or Math.pow, whose last bits may differ between platforms.
const LINEAR = Float64Array.from({ length: 256 }, (_, level) => linearOf(level));
const STEPS = 4096;
const ROOTS = Float64Array.from({ length: STEPS + 2 }, (_, i) =>
  cubeRoot((i * i) / (STEPS * STEPS)),
);

function cubeRoot(x: number): number {
  if (x <= 0) return 0;
  let root = x > 0.05 ? 0.8 : 0.3;
  for (let i = 0; i < 60; i++) root = (2 * root + x / (root * root)) / 3;
  return root;
}

// The table runs over the square root, because the cube root is too steep near nought.
function rootOf(x: number): number {
  const place = Math.sqrt(x < 1 ? x : 1) * STEPS;
  const low = place | 0;
  const from = ROOTS[low] ?? 0;
  return from + ((ROOTS[low + 1] ?? 0) - from) * (place - low);
}

/** Three numbers: lightness 0..1, then the green-red and blue-yellow axes of OKLab. */
export type Lab = Float64Array;
export const newLab = (): Lab => new Float64Array(3);

/** Reads an sRGB pixel (three bytes at `at`) into `to`. */
export function readLab(rgb: Uint8Array, at: number, to: Lab): void {
  const r = LINEAR[rgb[at] ?? 0] ?? 0;
  const g = LINEAR[rgb[at + 1] ?? 0] ?? 0;
  const b = LINEAR[rgb[at + 2] ?? 0] ?? 0;
  const l = rootOf(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = rootOf(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = rootOf(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  to[0] = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  to[1] = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  to[2] = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
}

/** Writes a colour as an sRGB pixel; what lies outside the gamut is clipped. */
export function writeLab(from: Lab, rgb: Uint8Array, at: number): void {
  const lightness = from[0] ?? 0;
  const a = from[1] ?? 0;
  const b = from[2] ?? 0;
  const l = lightness + 0.3963377774 * a + 0.2158037573 * b;
  const m = lightness - 0.1055613458 * a - 0.0638541728 * b;
  const s = lightness - 0.0894841775 * a - 1.291485548 * b;
  const [l3, m3, s3] = [l * l * l, m * m * m, s * s * s];
  rgb[at] = encode(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3);
  rgb[at + 1] = encode(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3);
  rgb[at + 2] = encode(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3);
}
