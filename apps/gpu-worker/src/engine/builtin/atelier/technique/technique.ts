import type { Stage } from '../scene/stage.js';

/** A way of putting a scene on paper or canvas, pass by pass. */
export interface Technique {
  /** Refines the picture; passes run from 0 to `passes - 1` in order. */
  pass(index: number): void;
  /** The finished picture: 3 bytes per pixel. */
  finish(): Uint8Array;
}

export type TechniqueMaker = (stage: Stage, passes: number, seed: number) => Technique;

/** How far a pass is along, 0..1; a single pass counts as a fair sketch. */
export const progressOf = (index: number, passes: number): number =>
  passes === 1 ? 0.42 : index / (passes - 1);
