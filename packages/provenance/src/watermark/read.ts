import { blurred, type Brightness } from './brightness.js';
import { CODED_BITS, decode } from './code.js';
import { pilotOf, type Layout, type Place } from './pattern.js';
import { emptyPlane, SIDE, transform, type Plane } from './transform.js';

// Looked up once: a global costs a test dearly in each of millions of rounds.
const { abs, cos, floor, hypot, max, min, round, sin, sqrt } = Math;

/** What a picture may say. */
export interface Reading {
  readonly payload: bigint;
  /**
   * How far the pilot stands out, in standard deviations of all places where a tile could begin. In a picture
   * without a watermark the largest of 16,384 is about 4.
   */
  readonly strength: number;
  /** The picture is mirrored. */
  readonly mirrored: boolean;
}

const NEAR = 5;
const AROUND = 12;
const LOUDEST = 3;
/** Places that are looked at, the likeliest first. */
const TRIED = 3;

/** The likeliest payloads, whether or not the picture carries any. */
export function readTiles(picture: Brightness, layout: Layout): Reading[] {
  const seen = levelled(transform(folded(whitened(picture), picture)));
  const pilot = pilotOf(layout);
  return [false, true]
    .flatMap((mirrored) => {
      const spectrum = mirrored ? mirrorImage(seen) : seen;
      return peaksOf(correlated(spectrum, pilot)).map(({ at, strength }) => ({
        payload: decode(softBits(spectrum, layout, at)),
        strength,
        mirrored,
      }));
    })
    .sort((a, b) => b.strength - a.strength);
}

/** What stands out from its surroundings, as loud everywhere: a busy place says no more than a calm one. */
function whitened(picture: Brightness): Float32Array {
  const { values, width, height } = picture;
  const mean = blurred(picture, NEAR);
  const out = new Float32Array(values.length);
  const loud = new Float32Array(values.length);
  for (let at = 0; at < out.length; at++) {
    const away = (values[at] ?? 0) - (mean[at] ?? 0);
    out[at] = away;
    loud[at] = abs(away);
  }
  const around = blurred({ values: loud, width, height }, AROUND);
  for (let at = 0; at < out.length; at++) {
    const level = (out[at] ?? 0) / ((around[at] ?? 0) + 0.5);
    out[at] = max(-LOUDEST, min(LOUDEST, level));
  }
  return out;
}

/** All tiles laid on one another. */
function folded(values: Float32Array, { width, height }: Brightness): Plane {
  const plane = emptyPlane();
  for (let y = 0; y < height; y++) {
    const row = (y % SIDE) * SIDE;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const to = row + (x % SIDE);
      plane.re[to] = (plane.re[to] ?? 0) + (values[at] ?? 0);
    }
  }
  return plane;
}

/** Each wave as loud as all waves of its length are in the mean. */
function levelled({ re, im }: Plane): Plane {
  const power = new Float64Array(SIDE);
  const count = new Float64Array(SIDE);
  const lengthOf = (at: number): number => {
    const [down, across] = [floor(at / SIDE), at % SIDE];
    return round(hypot(min(down, SIDE - down), min(across, SIDE - across)));
  };
  for (let at = 0; at < SIDE * SIDE; at++) {
    const length = lengthOf(at);
    power[length] = (power[length] ?? 0) + (re[at] ?? 0) ** 2 + (im[at] ?? 0) ** 2;
    count[length] = (count[length] ?? 0) + 1;
  }
  const plane = emptyPlane();
  for (let at = 0; at < SIDE * SIDE; at++) {
    const length = lengthOf(at);
    const loud = sqrt((power[length] ?? 0) / (count[length] ?? 1)) || 1;
    plane.re[at] = (re[at] ?? 0) / loud;
    plane.im[at] = (im[at] ?? 0) / loud;
  }
  return plane;
}

function mirrorImage({ re, im }: Plane): Plane {
  const plane = emptyPlane();
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [down, across] = [floor(at / SIDE), at % SIDE];
    const from = down * SIDE + ((SIDE - across) % SIDE);
    plane.re[at] = re[from] ?? 0;
    plane.im[at] = im[from] ?? 0;
  }
  return plane;
}

/** How well the pilot fits, for each place where a tile could begin. */
function correlated(seen: Plane, pilot: Plane): Float64Array {
  const product = emptyPlane();
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [a, b] = [seen.re[at] ?? 0, seen.im[at] ?? 0];
    const [c, d] = [pilot.re[at] ?? 0, pilot.im[at] ?? 0];
    product.re[at] = a * c + b * d;
    product.im[at] = b * c - a * d;
  }
  return transform(product, true).re;
}

function peaksOf(fits: Float64Array): { at: number; strength: number }[] {
  const deviation = sqrt(fits.reduce((sum, fit) => sum + fit * fit, 0) / fits.length) || 1;
  const peaks: { at: number; strength: number }[] = [];
  for (let at = 0; at < fits.length; at++) {
    const strength = (fits[at] ?? 0) / deviation;
    if (peaks.length === TRIED && strength <= (peaks.at(-1)?.strength ?? 0)) continue;
    peaks.push({ at, strength });
    peaks.sort((a, b) => b.strength - a.strength);
    if (peaks.length > TRIED) peaks.pop();
  }
  return peaks;
}

/** What the waves say of each coded bit if the tile begins there. */
function softBits({ re, im }: Plane, { bits }: Layout, begin: number): Float64Array {
  const [y, x] = [floor(begin / SIDE), begin % SIDE];
  const soft = new Float64Array(CODED_BITS);
  bits.forEach((places, bit) => {
    for (const place of places) {
      soft[bit] = (soft[bit] ?? 0) + place.sign * valueAt({ re, im }, place, x, y);
    }
  });
  return soft;
}

function valueAt({ re, im }: Plane, place: Place, x: number, y: number): number {
  const [down, across] = [floor(place.at / SIDE), place.at % SIDE];
  const angle = (2 * Math.PI * (down * y + across * x)) / SIDE;
  const [c, s] = [cos(angle), sin(angle)];
  const [a, b] = [re[place.at] ?? 0, im[place.at] ?? 0];
  return place.im ? a * s + b * c : a * c - b * s;
}
