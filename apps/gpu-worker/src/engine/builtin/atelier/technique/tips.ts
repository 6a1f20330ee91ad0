import { noiseAt } from '../drawing/noise.js';
import { clamp, ease } from '../drawing/turn.js';

/** A brush tip: how much paint each point of a stroke lays down, LENGTH by BREADTH. */
export type Tip = Uint8Array;

export const LENGTH = 128;
export const BREADTH = 32;
export type TipName = 'bristle' | 'soft' | 'blot' | 'chalk' | 'dot' | 'lead';

type Shape = (u: number, v: number, variant: number) => number;

// u runs along the stroke and v across it, both -1..1.
const shapes: Record<TipName, Shape> = {
  bristle: (u, v, variant) => {
    const streak = noiseAt(variant * 0.13 + u * 0.03, v * 0.42 + variant * 0.29);
    const ragged = 1 - 0.34 * noiseAt(v * 0.8 + variant * 0.21, 0.5) - Math.abs(u);
    const side = 1 - Math.abs(v) - 0.1 * noiseAt(u * 0.3, variant * 0.17);
    return ease(0, 0.16, ragged) * ease(0, 0.2, side) * (0.5 + 0.75 * ease(0.25, 0.6, streak));
  },
  soft: (u, v) => ease(1, 0.55, Math.abs(u)) * ease(1, 0.4, Math.abs(v)),
  blot: (u, v, variant) => {
    const wobble = (noiseAt(u * 0.16 + variant * 0.31, v * 0.16 + variant * 0.17) - 0.5) * 0.75;
    const r = Math.sqrt(u * u + v * v) + wobble;
    const rim = ease(0.6, 0.8, r) * 0.5;
    return ease(0.92, 0.82, r) * (0.5 + rim);
  },
  chalk: (u, v, variant) => {
    const tooth = noiseAt(u * 0.9 + variant * 0.37, v * 0.45 + variant * 0.11);
    return ease(1, 0.75, Math.abs(u)) * ease(1, 0.7, Math.abs(v)) * ease(0.34, 0.62, tooth);
  },
  dot: (u, v, variant) =>
    ease(1, 0.84, Math.sqrt(u * u + v * v) + noiseAt(u * 0.1, variant * 0.3) * 0.1),
  lead: (u, v, variant) =>
    ease(1, 0.6, Math.abs(u)) *
    ease(1, 0.3, Math.abs(v)) *
    (0.4 + 0.8 * noiseAt(u * 1.7 + variant * 0.2, v * 0.3)),
};

const VARIANTS = 8;
const made = new Map<TipName, readonly Tip[]>();

/** Eight variants of a tip; made once. */
export function tipsOf(name: TipName): readonly Tip[] {
  const known = made.get(name);
  if (known) return known;
  const tips = Array.from({ length: VARIANTS }, (_, variant) => tipOf(shapes[name], variant));
  made.set(name, tips);
  return tips;
}

function tipOf(shape: Shape, variant: number): Tip {
  const tip = new Uint8Array(LENGTH * BREADTH);
  for (let y = 0; y < BREADTH; y++) {
    for (let x = 0; x < LENGTH; x++) {
      const value = shape(((x + 0.5) / LENGTH) * 2 - 1, ((y + 0.5) / BREADTH) * 2 - 1, variant + 1);
      tip[y * LENGTH + x] = Math.round(clamp(value) * 255);
    }
  }
  return tip;
}

/** Seven bends, from a left curve over straight to a right curve, in breadths. */
export const bends: readonly Float32Array[] = Array.from({ length: 7 }, (_, k) =>
  Float32Array.from({ length: LENGTH }, (_unused, i) => {
    const u = (i / LENGTH) * 2 - 1;
    return (k - 3) * 0.16 * (u * u - 0.4) * BREADTH;
  }),
);
