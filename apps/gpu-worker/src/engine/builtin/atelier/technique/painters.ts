import { lch } from '../drawing/colour.js';
import type { Canvas } from './canvas.js';
import { addGrain, leaveMargin, rakeLight, vignette } from './finishing.js';
import { type Hand, StrokePainter } from './strokes.js';
import type { TechniqueMaker } from './technique.js';
import { toInks, toWash } from './tones.js';

const oilHand: Hand = {
  tip: 'bristle',
  widest: 0.1,
  finest: 0.0046,
  reach: 3.6,
  alpha: 235,
  lightSpread: 18,
  colourSpread: 11,
  finish: 0.5,
  ground: undefined,
  tolerance: 30,
  bend: 0.55,
  body: 210,
};

const varnished =
  (light: number) =>
  (canvas: Canvas): void => {
    rakeLight(canvas, light);
    addGrain(canvas.rgb, canvas.width, canvas.height, 5, true);
    vignette(canvas.rgb, canvas.width, canvas.height, 0.13);
  };

/** The house style: between gouache and oil, calm surfaces, clear subjects. */
export const painting: TechniqueMaker = (stage, passes, seed) =>
  new StrokePainter(
    stage,
    passes,
    seed,
    { ...oilHand, lightSpread: 14, finish: 0.62 },
    varnished(7),
  );

/** Oil on canvas: fuller strokes whose ridges catch the light. */
export const oil: TechniqueMaker = (stage, passes, seed) =>
  new StrokePainter(
    stage,
    passes,
    seed,
    { ...oilHand, finest: 0.0062, lightSpread: 24, colourSpread: 17, finish: 0.36, tolerance: 36 },
    varnished(13),
  );

/** Thick paint in whirling strokes. */
export const impasto: TechniqueMaker = (stage, passes, seed) =>
  new StrokePainter(
    stage,
    passes,
    seed,
    {
      ...oilHand,
      widest: 0.05,
      finest: 0.009,
      reach: 5,
      lightSpread: 44,
      colourSpread: 38,
      finish: 0.16,
      tolerance: 48,
      bend: 0.9,
      body: 256,
    },
    varnished(20),
  );

const paper: readonly [number, number, number] = [250, 247, 239];
const paperHex = (paper[0] << 16) | (paper[1] << 8) | paper[2];

/** Transparent washes from large to small on white paper with a bare rim. */
export const watercolour: TechniqueMaker = (stage, passes, seed) => {
  toWash(stage.surface);
  const hand: Hand = {
    ...oilHand,
    tip: 'blot',
    widest: 0.17,
    finest: 0.008,
    reach: 1.9,
    alpha: 150,
    lightSpread: 20,
    colourSpread: 15,
    finish: 0.42,
    ground: paperHex,
    tolerance: 24,
    bend: 0.3,
    body: 0,
  };
  return new StrokePainter(stage, passes, seed, hand, (canvas) => {
    addGrain(canvas.rgb, canvas.width, canvas.height, 11, false);
    leaveMargin(canvas, paper);
  });
};

/** Brush and ink: grey washes and black accents on warm paper; only a red seal of colour. */
export const ink: TechniqueMaker = (stage, passes, seed) => {
  toInks(stage.surface, lch(0.19, 0.02, 265), lch(0.955, 0.022, 85), 0.85);
  const hand: Hand = {
    ...oilHand,
    tip: 'blot',
    widest: 0.14,
    finest: 0.0052,
    reach: 2.6,
    alpha: 185,
    lightSpread: 20,
    colourSpread: 2,
    finish: 0.46,
    ground: 0xf5efe0,
    tolerance: 30,
    bend: 0.5,
    body: 0,
  };
  return new StrokePainter(stage, passes, seed, hand, (canvas) => {
    addGrain(canvas.rgb, canvas.width, canvas.height, 9, false);
    leaveMargin(canvas, [245, 239, 224]);
  });
};

/** Chalk pastel on toned paper. */
export const pastel: TechniqueMaker = (stage, passes, seed) =>
  new StrokePainter(
    stage,
    passes,
    seed,
    {
      ...oilHand,
      tip: 'chalk',
      widest: 0.06,
      finest: 0.006,
      reach: 3,
      alpha: 215,
      lightSpread: 30,
      colourSpread: 24,
      finish: 0.22,
      ground: 0x8f7f74,
      tolerance: 36,
      body: 0,
    },
    (canvas) => addGrain(canvas.rgb, canvas.width, canvas.height, 15, false),
  );

/** Pencil hatching on cream paper. */
export const pencil: TechniqueMaker = (stage, passes, seed) => {
  toInks(stage.surface, lch(0.27, 0.012, 270), lch(0.97, 0.012, 85), 0);
  const hand: Hand = {
    ...oilHand,
    tip: 'lead',
    widest: 0.016,
    finest: 0.0042,
    reach: 9,
    alpha: 165,
    lightSpread: 46,
    colourSpread: 0,
    finish: 0.34,
    ground: 0xf8f4ea,
    tolerance: 52,
    bend: 0.2,
    body: 0,
    hatch: 0.36,
    spacing: 1.9,
  };
  return new StrokePainter(stage, passes, seed, hand, (canvas) =>
    addGrain(canvas.rgb, canvas.width, canvas.height, 11, false),
  );
};

/** Points of pure colour side by side. */
export const pointillism: TechniqueMaker = (stage, passes, seed) =>
  new StrokePainter(
    stage,
    passes,
    seed,
    {
      ...oilHand,
      tip: 'dot',
      widest: 0.024,
      finest: 0.0065,
      reach: 1.05,
      alpha: 250,
      lightSpread: 40,
      colourSpread: 66,
      finish: 0,
      ground: 0xf1e8d6,
      tolerance: 70,
      bend: 0,
      body: 190,
    },
    varnished(6),
  );
