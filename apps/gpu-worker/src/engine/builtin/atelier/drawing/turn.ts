// Angles are in turns (1 = a full circle). Sine comes from a polynomial and not from
// Math.sin, whose last bits may differ between platforms.
const TAU = 6.283185307179586;

function quarterSine(turns: number): number {
  const x = turns * TAU;
  const x2 = x * x;
  return x * (1 - (x2 / 6) * (1 - (x2 / 20) * (1 - (x2 / 42) * (1 - (x2 / 72) * (1 - x2 / 110)))));
}

/** The sine of an angle in turns. */
export function sine(turns: number): number {
  const t = turns - Math.floor(turns);
  if (t < 0.25) return quarterSine(t);
  if (t < 0.75) return quarterSine(0.5 - t);
  return quarterSine(t - 1);
}

/** The cosine of an angle in turns. */
export const cosine = (turns: number): number => sine(turns + 0.25);

export const clamp = (value: number, low = 0, high = 1): number =>
  value < low ? low : value > high ? high : value;

/** Smooth step from 0 at `low` to 1 at `high`. */
export function ease(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low));
  return t * t * (3 - 2 * t);
}
