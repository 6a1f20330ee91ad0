/** Brightness, row by row, 0 to 255. */
export interface Brightness {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** The mean over a square of `2 · radius + 1` pixels a side around each pixel; at the edges over what there is. */
export function blurred({ values, width, height }: Brightness, radius: number): Float32Array {
  const across = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    alongRow(values, across, { from: row * width, length: width, radius });
  }
  return downColumns(across, { width, height, radius });
}

interface Run {
  readonly from: number;
  readonly length: number;
  readonly radius: number;
}

function alongRow(values: Float32Array, out: Float32Array, { from, length, radius }: Run): void {
  let sum = 0;
  let count = 0;
  for (let ahead = -radius; ahead < length; ahead++) {
    const entering = ahead + radius;
    if (entering < length) {
      sum += values[from + entering] ?? 0;
      count += 1;
    }
    const leaving = ahead - radius - 1;
    if (leaving >= 0) {
      sum -= values[from + leaving] ?? 0;
      count -= 1;
    }
    if (ahead >= 0) out[from + ahead] = sum / count;
  }
}

/** All columns at once, row after row: memory is read in its order. */
function downColumns(
  values: Float32Array,
  { width, height, radius }: { width: number; height: number; radius: number },
): Float32Array {
  const out = new Float32Array(values.length);
  const sums = new Float64Array(width);
  let count = 0;
  for (let row = -radius; row < height; row++) {
    const entering = row + radius;
    const leaving = row - radius - 1;
    if (entering < height) {
      count += 1;
      for (let x = 0, at = entering * width; x < width; x++, at++) {
        sums[x] = (sums[x] ?? 0) + (values[at] ?? 0);
      }
    }
    if (leaving >= 0) {
      count -= 1;
      for (let x = 0, at = leaving * width; x < width; x++, at++) {
        sums[x] = (sums[x] ?? 0) - (values[at] ?? 0);
      }
    }
    if (row < 0) continue;
    for (let x = 0, at = row * width; x < width; x++, at++) out[at] = (sums[x] ?? 0) / count;
  }
  return out;
}
