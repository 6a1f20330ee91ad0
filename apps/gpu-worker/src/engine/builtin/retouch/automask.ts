import { clamp } from '../atelier/drawing/turn.js';
import type { Picture } from '../picture.js';
import { TaskRefused } from '../tasks.js';
import { ColourModel } from './clusters.js';
import { type SmallCopy, smallCopyOf } from './small-copy.js';

const LONGEST = 144;
const ROUNDS = 5;
const CLUSTERS = 5;
/** Squared difference of colours at which a cell is strange by 1, and how strange a subject is. */
const RIM_SPREAD = 0.0018;
const STRANGE = 3;
/** How strongly neighbours of like colour pull each other to the same side. */
const BOND = 2.6;
const LIKENESS = 0.004;
/** Less of the picture than this, or more, is no subject. */
const LEAST = 0.004;
const MOST = 0.92;

/**
 * Weights 0..255 of the subject or of what is behind it. An approximation from colours alone, after
 * GrabCut (Rother 2004): what differs from the picture's rim is taken for the subject, and both
 * sides' colours are learned anew a few times. It knows nothing of what things are: a subject
 * that has its surroundings' colours, or fills the rim, is not found.
 *
 * @throws TaskRefused `engine.region_not_found`
 */
export function automask(picture: Picture, wanted: 'subject' | 'background'): Uint8Array {
  const copy = smallCopyOf(picture, LONGEST);
  const sides = seeThrough(copy) ?? toldApart(copy);
  const subject = largestParts(sides, copy.width, copy.height);
  const share = subject.reduce((sum, cell) => sum + cell, 0) / subject.length;
  if (share < LEAST || share > MOST) {
    throw new TaskRefused(
      'engine.region_not_found',
      'the subject cannot be told from the background by its colours: send a mask instead',
    );
  }
  return enlarged(subject, copy, picture, wanted);
}

// A cut-out says itself where its subject is.
function seeThrough({ alpha }: SmallCopy): Float32Array | undefined {
  const clear = alpha.reduce((sum, a) => sum + (a < 0.5 ? 1 : 0), 0) / alpha.length;
  return clear > 0.03 && clear < 1 - LEAST ? alpha.map((a) => (a < 0.5 ? 0 : 1)) : undefined;
}

// 1 for each cell of the subject, 0 behind it.
function toldApart(copy: SmallCopy): Float32Array {
  const cells = Array.from({ length: copy.alpha.length }, (_, i) => i);
  const rim = cells.filter((cell) => closeness(copy, cell) < 0.06);
  const strange = cells.map((cell) => strangenessToRim(copy, rim, cell));
  let behind: ColourModel | undefined;
  let inFront: ColourModel | undefined;
  let sides: Float32Array = new Float32Array(cells.length);
  for (let round = 0; round < ROUNDS; round++) {
    const lean = cells.map((cell) => {
      const held = Math.min(1, (closeness(copy, cell) - 0.3) * 3);
      const learned =
        (behind?.strangeness(copy.lab, cell) ?? 0) - (inFront?.strangeness(copy.lab, cell) ?? 0);
      return (strange[cell] ?? 0) - STRANGE + held + clamp(learned, -2.5, 2.5);
    });
    sides = settled(copy, lean);
    const [front, back] = [
      cells.filter((c) => sides[c] === 1),
      cells.filter((c) => sides[c] === 0),
    ];
    if (front.length === 0 || back.length === 0) break;
    inFront = new ColourModel(copy.lab, front, CLUSTERS);
    behind = new ColourModel(copy.lab, back, CLUSTERS);
  }
  return sides;
}

// How far a cell's colour is from the nearest of the rim's. The rim is never forgotten, or what is
// learned would creep from the subject into the ground that it stands on.
function strangenessToRim({ lab }: SmallCopy, rim: readonly number[], cell: number): number {
  const [l = 0, a = 0, b = 0] = lab.subarray(cell * 3, cell * 3 + 3);
  let least = 12;
  for (const other of rim) {
    const dl = (lab[other * 3] ?? 0) - l;
    const da = (lab[other * 3 + 1] ?? 0) - a;
    const db = (lab[other * 3 + 2] ?? 0) - b;
    const far = (dl * dl + 4 * (da * da + db * db)) / RIM_SPREAD;
    if (far < least) least = far;
  }
  return least;
}

// 0 at the left, top and right rim, 1 in the middle; subjects often stand on the lower rim.
function closeness({ width, height }: SmallCopy, cell: number): number {
  const x = ((cell % width) + 0.5) / width;
  const y = (Math.floor(cell / width) + 0.5) / height;
  return 2 * Math.min(x, 1 - x, y, 0.04 + (1 - y) * 1.4, 0.5);
}

// Each cell takes the side that it and its neighbours lean to (iterated conditional modes).
function settled(copy: SmallCopy, lean: readonly number[]): Float32Array {
  const { width, height } = copy;
  const bonds = bondsOf(copy);
  let sides = Float32Array.from(lean, (value) => (value > 0 ? 1 : 0));
  for (let round = 0; round < 8; round++) {
    sides = sides.map((_, cell) => {
      let pull = lean[cell] ?? 0;
      const toward = (other: number, bond: number): number => ((sides[other] ?? 0) * 2 - 1) * bond;
      if (cell % width > 0) pull += toward(cell - 1, bonds[cell * 2 - 2] ?? 0);
      if (cell % width < width - 1) pull += toward(cell + 1, bonds[cell * 2] ?? 0);
      if (cell >= width) pull += toward(cell - width, bonds[(cell - width) * 2 + 1] ?? 0);
      if (cell < width * (height - 1)) pull += toward(cell + width, bonds[cell * 2 + 1] ?? 0);
      return pull > 0 ? 1 : 0;
    });
  }
  return sides;
}

// Of each cell to its right and lower neighbour: the stronger the more alike they are.
function bondsOf({ lab, width, height }: SmallCopy): Float32Array {
  const bonds = new Float32Array(width * height * 2);
  for (let cell = 0; cell < width * height; cell++) {
    for (const [side, other] of [cell + 1, cell + width].entries()) {
      if (other * 3 >= lab.length) continue;
      let far = 0;
      for (let c = 0; c < 3; c++) {
        const apart = (lab[cell * 3 + c] ?? 0) - (lab[other * 3 + c] ?? 0);
        far += apart * apart;
      }
      bonds[cell * 2 + side] = BOND / (1 + far / LIKENESS);
    }
  }
  return bonds;
}

// Keeps the parts that matter beside the largest, and closes the holes in them.
function largestParts(sides: Float32Array, width: number, height: number): Float32Array {
  const parts = partsOf(sides, 1, width, height);
  const largest = Math.max(0, ...parts.map((part) => part.length));
  const kept = new Float32Array(sides.length);
  for (const part of parts)
    if (part.length >= largest * 0.12) for (const cell of part) kept[cell] = 1;
  for (const gap of partsOf(kept, 0, width, height)) {
    const open = gap.some((cell) => atRim(cell, width, height));
    if (!open && gap.length < kept.length * 0.02) for (const cell of gap) kept[cell] = 1;
  }
  return kept;
}

function atRim(cell: number, width: number, height: number): boolean {
  const x = cell % width;
  const y = Math.floor(cell / width);
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

// The connected parts of one side, each as a list of its cells.
function partsOf(sides: Float32Array, side: number, width: number, height: number): number[][] {
  const seen = new Uint8Array(sides.length);
  const parts: number[][] = [];
  for (let start = 0; start < sides.length; start++) {
    if (seen[start] === 1 || sides[start] !== side) continue;
    const part = [start];
    seen[start] = 1;
    for (const cell of part) {
      const x = cell % width;
      const next = [
        x > 0 ? cell - 1 : -1,
        x < width - 1 ? cell + 1 : -1,
        cell - width,
        cell + width,
      ];
      for (const other of next) {
        if (other < 0 || other >= width * height) continue;
        if (seen[other] === 1 || sides[other] !== side) continue;
        seen[other] = 1;
        part.push(other);
      }
    }
    parts.push(part);
  }
  return parts;
}

// Smoothly between cells, then hardened to an edge about as wide as a cell is.
function enlarged(
  subject: Float32Array,
  copy: SmallCopy,
  { width, height }: Picture,
  wanted: 'subject' | 'background',
): Uint8Array {
  const weights = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const cy = Math.max(0, Math.min(copy.height - 1, ((y + 0.5) / height) * copy.height - 0.5));
    const top = cy | 0;
    const v = cy - top;
    const below = top + 1 < copy.height ? copy.width : 0;
    for (let x = 0; x < width; x++, i++) {
      const cx = Math.max(0, Math.min(copy.width - 1, ((x + 0.5) / width) * copy.width - 0.5));
      const left = cx | 0;
      const u = cx - left;
      const at = top * copy.width + left;
      const right = left + 1 < copy.width ? 1 : 0;
      const upper = (subject[at] ?? 0) * (1 - u) + (subject[at + right] ?? 0) * u;
      const lower = (subject[at + below] ?? 0) * (1 - u) + (subject[at + below + right] ?? 0) * u;
      const inside = (upper * (1 - v) + lower * v - 0.25) * 2;
      const share = inside < 0 ? 0 : inside > 1 ? 1 : inside;
      weights[i] = Math.round((wanted === 'subject' ? share : 1 - share) * 255);
    }
  }
  return weights;
}
