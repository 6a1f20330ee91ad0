const FAR = 65_535;

/** Steps of a distance map to a pixel. */
export const PER_PIXEL = 3;

/**
 * How far each pixel with a weight is from the nearest one without, in thirds of a pixel (chamfer
 * 3-4, Borgefors 1986). The rim of the map is no edge; without any edge all is far.
 */
export function distancesInside(weights: Uint8Array, width: number, height: number): Uint16Array {
  const distances = Uint16Array.from(weights, (weight) => (weight === 0 ? 0 : FAR));
  const relax = (i: number, x: number, step: number, row: number): void => {
    if (distances[i] === 0) return;
    const ahead = step > 0 ? x > 0 : x < width - 1;
    const behind = step > 0 ? x < width - 1 : x > 0;
    const back = i - row;
    const best = Math.min(
      distances[i] ?? FAR,
      (ahead ? (distances[i - step] ?? FAR) : FAR) + 3,
      (distances[back] ?? FAR) + 3,
      (ahead ? (distances[back - step] ?? FAR) : FAR) + 4,
      (behind ? (distances[back + step] ?? FAR) : FAR) + 4,
    );
    distances[i] = Math.min(FAR, best);
  };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) relax(i, x, 1, width);
  }
  for (let y = height - 1, i = width * height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, i--) relax(i, x, -1, -width);
  }
  return distances;
}
