import { blurred, type Brightness } from './brightness.js';
import { SIDE } from './transform.js';

// Looked up once: a global costs a test dearly in each of millions of rounds.
const { abs, min, round, sqrt } = Math;

/** Pixels as decoders give them: three or four bytes each (the fourth is opacity), row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Mean square of what is added, a PSNR of 46 dB; and in a small picture, with less to read it from, 44.3 dB. */
const POWER = 1.6;
const POWER_OF_SMALL = 2.4;
/** Pixels. */
const SMALL = 400_000;
/** How much more a place takes where much is going on, and how much less and more at most. */
const LEAST = 0.6;
const MOST = 2.2;
const NEAR = 4;
const BUSY = 6;

/**
 * Adds a tile of brightness all over a picture, in place; more of it where much is going on, where it
 * is seen less.
 *
 * @param made which pixels may change (any value above 0); all where not given
 */
export function addTile(pixels: Pixels, tile: Float64Array, made?: Uint8Array): void {
  const { data, width, height, channels } = pixels;
  const strengths = strengthsOf(brightnessOf(pixels));
  for (let y = 0; y < height; y++) {
    const row = (y % SIDE) * SIDE;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (made !== undefined && made[at] === 0) continue;
      const change = round((tile[row + (x % SIDE)] ?? 0) * (strengths[at] ?? 0));
      if (change === 0) continue;
      const from = at * channels;
      data[from] = within((data[from] ?? 0) + change);
      data[from + 1] = within((data[from + 1] ?? 0) + change);
      data[from + 2] = within((data[from + 2] ?? 0) + change);
    }
  }
}

const within = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

/** Rec. 601, as JPEG takes it. A picture of fewer than three channels is grey. */
export function brightnessOf(pixels: Omit<Pixels, 'channels'> & { channels: number }): Brightness {
  const { data, width, height, channels } = pixels;
  const values = new Float32Array(width * height);
  if (channels < 3) {
    for (let at = 0; at < values.length; at++) values[at] = data[at * channels] ?? 0;
    return { values, width, height };
  }
  for (let at = 0, from = 0; at < values.length; at++, from += channels) {
    values[at] =
      0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return { values, width, height };
}

/** How strongly each pixel may be changed, so that the mean square of all is what is wanted. */
function strengthsOf(picture: Brightness): Float32Array {
  const { values } = picture;
  const activity = activityOf(picture);
  let power = 0;
  for (let at = 0; at < values.length; at++) {
    const busy = (activity[at] ?? 0) / BUSY;
    const strength = min(MOST, LEAST + busy);
    activity[at] = strength;
    power += strength * strength;
  }
  const wanted = values.length < SMALL ? POWER_OF_SMALL : POWER;
  const scale = sqrt((wanted * values.length) / power);
  return activity.map((strength) => strength * scale);
}

/** How far pixels are from their surroundings, in the mean around each. */
export function activityOf(picture: Brightness, near = NEAR): Float32Array {
  const mean = blurred(picture, near);
  const { values, width, height } = picture;
  const away = new Float32Array(values.length);
  for (let at = 0; at < away.length; at++) {
    away[at] = abs((values[at] ?? 0) - (mean[at] ?? 0));
  }
  return blurred({ values: away, width, height }, near);
}
