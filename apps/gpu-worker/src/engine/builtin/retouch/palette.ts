import { clamp } from '../atelier/drawing/turn.js';
import { type Lab, newLab, readLab } from './oklab.js';

const SAMPLES = 40_000;

/** How a picture's colours are spread in OKLab. */
export interface Palette {
  readonly mean: readonly [number, number, number];
  readonly lightness: number;
  /** Covariance of the two colour axes: aa, ab, bb. */
  readonly spread: readonly [number, number, number];
}

/** Measures the colours of an sRGB picture by an even sample of its pixels; it has at least one. */
export function paletteOf(rgb: Uint8Array): Palette {
  const pixels = rgb.length / 3;
  // An odd step does not fall into step with the rows of most pictures.
  const step = Math.floor(pixels / SAMPLES) | 1;
  const lab = newLab();
  const sums = new Float64Array(8);
  for (let i = 0; i < pixels; i += step) {
    readLab(rgb, i * 3, lab);
    addSample(sums, lab);
  }
  const [n = 0, l = 0, a = 0, b = 0, ll = 0, aa = 0, ab = 0, bb = 0] = sums;
  const count = Math.max(1, n);
  const mean = [l / count, a / count, b / count] as const;
  const lightness = Math.sqrt(Math.max(0, ll / count - mean[0] * mean[0]));
  const spread = [
    aa / count - mean[1] * mean[1],
    ab / count - mean[1] * mean[2],
    bb / count - mean[2] * mean[2],
  ] as const;
  return { mean, lightness, spread };
}

function addSample(sums: Float64Array, lab: Lab): void {
  const [l = 0, a = 0, b = 0] = lab;
  const values = [1, l, a, b, l * l, a * a, a * b, b * b];
  for (let i = 0; i < 8; i++) sums[i] = (sums[i] ?? 0) + (values[i] ?? 0);
}

/** Changes a colour in place. */
export type Shift = (lab: Lab) => void;

/**
 * The gentlest linear map that gives colours of one palette the mean and spread of another
 * (Monge-Kantorovitch, Pitié 2007), bounded so that noise is not blown up.
 *
 * @param share how much of the way to go, 0..1
 */
export function paletteShift(from: Palette, to: Palette, share: number): Shift {
  const gain = clamp((to.lightness + 0.02) / (from.lightness + 0.02), 0.6, 1.5);
  const [p, q, r] = transport(from.spread, to.spread);
  const contrast = 1 + (gain - 1) * share;
  const [aa, ab, bb] = [1 + (p - 1) * share, q * share, 1 + (r - 1) * share];
  const goal = from.mean.map((value, i) => value + ((to.mean[i] ?? 0) - value) * share);
  const [gl = 0, ga = 0, gb = 0] = goal;
  return (lab) => {
    const a = (lab[1] ?? 0) - from.mean[1];
    const b = (lab[2] ?? 0) - from.mean[2];
    lab[0] = ((lab[0] ?? 0) - from.mean[0]) * contrast + gl;
    lab[1] = a * aa + b * ab + ga;
    lab[2] = a * ab + b * bb + gb;
  };
}

type Matrix = readonly [number, number, number];

// A ridge on both sides keeps grey pictures from being stretched into a rainbow.
const RIDGE = 0.0004;

// A symmetric 2 by 2 matrix T with T from T = to.
function transport(from: Matrix, to: Matrix): Matrix {
  const half = root([from[0] + RIDGE, from[1], from[2] + RIDGE]);
  const back = inverse(half);
  const middle = root(sandwich(half, [to[0] + RIDGE, to[1], to[2] + RIDGE]));
  const [p, q, r] = sandwich(back, middle);
  return [clamp(p, 0.3, 2), clamp(q, -0.8, 0.8), clamp(r, 0.3, 2)];
}

function root([a, b, c]: Matrix): Matrix {
  const s = Math.sqrt(Math.max(1e-12, a * c - b * b));
  const t = Math.sqrt(Math.max(1e-12, a + c + 2 * s));
  return [(a + s) / t, b / t, (c + s) / t];
}

function inverse([a, b, c]: Matrix): Matrix {
  const d = Math.max(1e-12, a * c - b * b);
  return [c / d, -b / d, a / d];
}

// S M S of symmetric matrices.
function sandwich([a, b, c]: Matrix, [p, q, r]: Matrix): Matrix {
  return [
    a * (a * p + b * q) + b * (a * q + b * r),
    a * (b * p + c * q) + b * (b * q + c * r),
    b * (b * p + c * q) + c * (b * q + c * r),
  ];
}
