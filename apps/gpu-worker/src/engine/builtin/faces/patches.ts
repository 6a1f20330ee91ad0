import type { Tints } from './tints.js';

/** Cells that hang together: how many, and where, in cells. */
export interface Patch {
  readonly area: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly meanX: number;
}

/** All patches of cells of a kind, side by side with each other. */
export function patchesIn(tints: Tints, isOne: (tints: Tints, cell: number) => boolean): Patch[] {
  const { width, height } = tints;
  const open = new Uint8Array(width * height);
  for (let cell = 0; cell < open.length; cell++) open[cell] = isOne(tints, cell) ? 1 : 0;
  const patches: Patch[] = [];
  const stack: number[] = [];
  for (let start = 0; start < open.length; start++) {
    if (open[start] === 0) continue;
    open[start] = 0;
    stack.push(start);
    let [area, sumX] = [0, 0];
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      const x = cell % width;
      const y = (cell - x) / width;
      area++;
      sumX += x + 0.5;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      if (x > 0) visit(cell - 1);
      if (x < width - 1) visit(cell + 1);
      if (y > 0) visit(cell - width);
      if (y < height - 1) visit(cell + width);
    }
    patches.push({ area, left, right, top, bottom, meanX: sumX / area });
  }
  return patches;

  function visit(cell: number): void {
    if (open[cell] === 0) return;
    open[cell] = 0;
    stack.push(cell);
  }
}
