import { type Box, common } from '../images/boxes.js';
import type { PictureSignals } from '../images/signals.js';
import type { MaskRegion } from './facts.js';

/** What a mask covers, as a grid of weights: 0 stays, 255 is repainted. */
export interface MaskGrid {
  readonly weights: Uint8Array;
  readonly side: number;
}

/** Less is the rim of a brush. */
const PAINTED = 32;
/** A box of less is hardly anybody's: it would hold back edits of things. */
const LIKELY_BODY = 0.3;
/** Where only a face is seen, the body is below it, so many faces wide and high. */
const FACES_WIDE = 3;
const FACES_HIGH = 6;

export const NO_MASK: MaskRegion = { body: 0, face: 0 };

/** What is repainted of anybody in the picture. */
export function regionOf(mask: MaskGrid, { faces, bodies }: PictureSignals): MaskRegion {
  const sure = faces.filter((face) => face.sure);
  const likely = bodies.filter(({ score }) => score >= LIKELY_BODY);
  const below = [
    ...likely.map((body) => belowFace(body, sure)),
    ...sure.filter((face) => !likely.some((body) => isIn(face, body))).map(bodyUnder),
  ];
  return {
    body: Math.max(0, ...below.map((box) => shareOf(mask, box))),
    face: Math.max(0, ...sure.map((box) => shareOf(mask, box))),
  };
}

/** The model finds the subject by itself: where it may be somebody, all of the body is repainted. */
export function regionOfSubject({ person }: PictureSignals): MaskRegion {
  return { body: person === 'certain' ? 1 : 0, face: 0 };
}

const bottomOf = ({ y, height }: Box): number => y + height;

/** The body box from the chin down; all of it where no face is in it. */
function belowFace(body: Box, faces: readonly Box[]): Box {
  const chins = faces.filter((face) => isIn(face, body)).map(bottomOf);
  const top = chins.length === 0 ? body.y : Math.min(...chins);
  return { ...body, y: top, height: Math.max(0, bottomOf(body) - top) };
}

const isIn = (face: Box, body: Box): boolean =>
  common(face, body).width > face.width / 2 && common(face, body).height > face.height / 2;

const bodyUnder = (face: Box): Box => ({
  x: face.x - ((FACES_WIDE - 1) / 2) * face.width,
  y: bottomOf(face),
  width: FACES_WIDE * face.width,
  height: FACES_HIGH * face.height,
  score: face.score,
});

/** Of a box, as far as it lies in the picture, the share that is painted. */
function shareOf({ weights, side }: MaskGrid, box: Box): number {
  const [left, right] = [box.x, box.x + box.width].map((at) => cell(at, side));
  const [top, bottom] = [box.y, bottomOf(box)].map((at) => cell(at, side));
  let [painted, all] = [0, 0];
  for (let y = top ?? 0; y < (bottom ?? 0); y++) {
    for (let x = left ?? 0; x < (right ?? 0); x++, all++) {
      if ((weights[y * side + x] ?? 0) >= PAINTED) painted++;
    }
  }
  return all === 0 ? 0 : painted / all;
}

const cell = (share: number, side: number): number =>
  Math.round(Math.min(1, Math.max(0, share)) * side);
