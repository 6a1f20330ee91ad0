// Work on one pixel (three bytes at `at`), written out by channel: loops of three inside
// loops over pixels keep the compiler re-optimising, at several times the cost.

/** Adds a step of lightness. */
export function shiftPixel(rgb: Uint8Array, at: number, step: number): void {
  rgb[at] = clampByte((rgb[at] ?? 0) + step);
  rgb[at + 1] = clampByte((rgb[at + 1] ?? 0) + step);
  rgb[at + 2] = clampByte((rgb[at + 2] ?? 0) + step);
}

/** Multiplies by a factor up to 1. */
export function dimPixel(rgb: Uint8Array, at: number, factor: number): void {
  rgb[at] = (rgb[at] ?? 0) * factor;
  rgb[at + 1] = (rgb[at + 1] ?? 0) * factor;
  rgb[at + 2] = (rgb[at + 2] ?? 0) * factor;
}

/** Moves a pixel towards another picture's pixel by `share` of 256. */
export function nearPixel(rgb: Uint8Array, at: number, goal: Uint8Array, share: number): void {
  const r = rgb[at] ?? 0;
  const g = rgb[at + 1] ?? 0;
  const b = rgb[at + 2] ?? 0;
  rgb[at] = r + ((((goal[at] ?? 0) - r) * share) >> 8);
  rgb[at + 1] = g + ((((goal[at + 1] ?? 0) - g) * share) >> 8);
  rgb[at + 2] = b + ((((goal[at + 2] ?? 0) - b) * share) >> 8);
}

/** Lays a colour (three bytes at `from` of `ramp`) over a pixel, `a` 0..1. */
export function coverPixel(
  rgb: Uint8Array,
  at: number,
  ramp: Uint8Array,
  from: number,
  a: number,
): void {
  const r = rgb[at] ?? 0;
  const g = rgb[at + 1] ?? 0;
  const b = rgb[at + 2] ?? 0;
  rgb[at] = r + ((ramp[from] ?? 0) - r) * a + 0.5;
  rgb[at + 1] = g + ((ramp[from + 1] ?? 0) - g) * a + 0.5;
  rgb[at + 2] = b + ((ramp[from + 2] ?? 0) - b) * a + 0.5;
}

/** Adds light of a colour to a pixel; white stays white. */
export function lightPixel(
  rgb: Uint8Array,
  at: number,
  ramp: Uint8Array,
  from: number,
  a: number,
): void {
  const r = rgb[at] ?? 0;
  const g = rgb[at + 1] ?? 0;
  const b = rgb[at + 2] ?? 0;
  rgb[at] = r + ((255 - r) * (ramp[from] ?? 0) * a) / 255 + 0.5;
  rgb[at + 1] = g + ((255 - g) * (ramp[from + 1] ?? 0) * a) / 255 + 0.5;
  rgb[at + 2] = b + ((255 - b) * (ramp[from + 2] ?? 0) * a) / 255 + 0.5;
}

/** Darkens a pixel as a glaze of a colour does. */
export function glazePixel(
  rgb: Uint8Array,
  at: number,
  ramp: Uint8Array,
  from: number,
  a: number,
): void {
  rgb[at] = (rgb[at] ?? 0) * (1 - a + (a * (ramp[from] ?? 0)) / 255) + 0.5;
  rgb[at + 1] = (rgb[at + 1] ?? 0) * (1 - a + (a * (ramp[from + 1] ?? 0)) / 255) + 0.5;
  rgb[at + 2] = (rgb[at + 2] ?? 0) * (1 - a + (a * (ramp[from + 2] ?? 0)) / 255) + 0.5;
}

const clampByte = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);
