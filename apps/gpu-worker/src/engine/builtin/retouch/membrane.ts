interface Level {
  readonly width: number;
  readonly height: number;
  /** Three values and how much is known of them, 0..1, for each cell. */
  readonly cells: Float32Array;
}

/**
 * Fills the unknown parts of a field of three values smoothly from the known ones: pulled together
 * at halving sizes, then pushed back into the gaps (Gortler 1996).
 *
 * @param cells four numbers each: the values, and 1 if they are known or 0; filled in place
 */
export function fillGaps(cells: Float32Array, width: number, height: number): void {
  const levels: Level[] = [{ cells, width, height }];
  for (let level = levels[0]; level && (level.width > 1 || level.height > 1);) {
    level = halved(level);
    levels.push(level);
  }
  for (let i = levels.length - 2; i >= 0; i--) {
    const [fine, coarse] = [levels[i], levels[i + 1]];
    if (fine && coarse) push(coarse, fine);
  }
}

function halved({ cells, width, height }: Level): Level {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Float32Array(w * h * 4);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const o = ((y >> 1) * w + (x >> 1)) * 4;
      const known = cells[i + 3] ?? 0;
      if (known === 0) continue;
      for (let c = 0; c < 3; c++) out[o + c] = (out[o + c] ?? 0) + (cells[i + c] ?? 0) * known;
      out[o + 3] = (out[o + 3] ?? 0) + known;
    }
  }
  for (let o = 0; o < out.length; o += 4) {
    const known = out[o + 3] ?? 0;
    if (known === 0) continue;
    for (let c = 0; c < 3; c++) out[o + c] = (out[o + c] ?? 0) / known;
    out[o + 3] = Math.min(1, known);
  }
  return { cells: out, width: w, height: h };
}

function push(coarse: Level, fine: Level): void {
  for (let y = 0, i = 0; y < fine.height; y++) {
    const top = Math.max(0, (y - 1) >> 1);
    const below = top + 1 < coarse.height ? coarse.width * 4 : 0;
    const v = y === 0 ? 0 : y & 1 ? 0.25 : 0.75;
    for (let x = 0; x < fine.width; x++, i += 4) {
      if ((fine.cells[i + 3] ?? 0) > 0) continue;
      const left = Math.max(0, (x - 1) >> 1);
      const right = left + 1 < coarse.width ? 4 : 0;
      const u = x === 0 ? 0 : x & 1 ? 0.25 : 0.75;
      const at = (top * coarse.width + left) * 4;
      const { cells } = coarse;
      for (let c = 0; c < 3; c++) {
        const k = at + c;
        const upper = (cells[k] ?? 0) * (1 - u) + (cells[k + right] ?? 0) * u;
        const lower = (cells[k + below] ?? 0) * (1 - u) + (cells[k + below + right] ?? 0) * u;
        fine.cells[i + c] = upper * (1 - v) + lower * v;
      }
      fine.cells[i + 3] = 1;
    }
  }
}
