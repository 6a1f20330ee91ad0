import { blurred, madeSmall, SMALL, type Luminance, type Mirrored } from './box-filter.js';
import { KEPT, lowFrequencies } from './cosine-transform.js';
import { type Hash, WORDS } from './hash.js';

/**
 * PDQ, a perceptual hash of 256 bits, implemented from its description: Facebook, "The TMK+PDQF
 * Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019; `hashing/hashing.pdf` in
 * github.com/facebook/ThreatExchange). Nearly equal pictures differ in few bits: 31 at most counts as
 * the same picture there, and here.
 */
export interface Pdq {
  /** Of the picture as it is, then turned and mirrored: see `orientations`. */
  readonly hashes: readonly Hash[];
  /** 0 (nothing to be seen) to 100, from the gradients; below 50 a hash says little. */
  readonly quality: number;
}

/** Smaller pictures have no hash. */
export const LEAST_SIDE = 5;

const MOST_QUALITY = 100;
const GRADIENTS_OF_QUALITY = 90;
const { abs, trunc } = Math;

/** How a picture lies, against the one that is hashed. */
interface Orientation {
  readonly name: string;
  readonly mirrored: Mirrored;
  /** Its rows are columns. */
  readonly exchanged: boolean;
}
const orientation = (name: string, axes: string, exchanged = false): Orientation => ({
  name,
  mirrored: { x: axes.includes('x'), y: axes.includes('y') },
  exchanged,
});

/** In the order of `Pdq.hashes`. Turns are clockwise as the picture is shown. */
export const orientations: readonly Orientation[] = [
  orientation('as it is', ''),
  orientation('turned by 90', 'y', true),
  orientation('turned by 180', 'xy'),
  orientation('turned by 270', 'x', true),
  orientation('upside down', 'y'),
  orientation('left to right', 'x'),
  orientation('rows as columns', '', true),
  orientation('rows as columns, turned', 'xy', true),
];

/**
 * A picture turned or mirrored has the same frequencies in other places, some with the other sign: no
 * orientation needs a blur of its own. The reference implementation transforms once for all eight,
 * which left up to 38 bits between a hash and that of the turned picture itself (pictures of 192
 * pixels and fine detail, where its filter is half a pixel off the middle); transforming what lies
 * mirrored from where it would be taken, as here, costs three transforms more and left 2.
 *
 * @returns `undefined` for a picture with a side below five pixels: nothing says what it shows
 */
export function pdqOf(luminance: Luminance): Pdq | undefined {
  if (Math.min(luminance.width, luminance.height) < LEAST_SIDE) return undefined;
  const picture = blurred(luminance);
  const small = madeSmall(picture, { x: false, y: false });
  const transforms = new Map<string, Float64Array>();
  const transformOf = (mirrored: Mirrored): Float64Array => {
    const key = `${mirrored.x} ${mirrored.y}`;
    const known = transforms.get(key) ?? lowFrequencies(madeSmall(picture, mirrored));
    transforms.set(key, known);
    return known;
  };
  return {
    hashes: orientations.map((one) => bitsOf(turned(transformOf(one.mirrored), one))),
    quality: qualityOf(small),
  };
}

/** Mirrored, the odd waves along an axis change their sign; the first frequency is odd. */
function turned(frequencies: Float64Array, { mirrored, exchanged }: Orientation): Float64Array {
  const others = new Float64Array(frequencies.length);
  for (let i = 0; i < KEPT; i++) {
    for (let j = 0; j < KEPT; j++) {
      const value = frequencies[i * KEPT + j] ?? 0;
      const negated = (mirrored.y && (i & 1) === 0) !== (mirrored.x && (j & 1) === 0);
      others[exchanged ? j * KEPT + i : i * KEPT + j] = negated ? -value : value;
    }
  }
  return others;
}

/** Each bit says whether a frequency is stronger than the (lower) median of all. */
function bitsOf(frequencies: Float64Array): Hash {
  const median = frequencies.toSorted()[frequencies.length / 2 - 1] ?? 0;
  const hash = new Uint32Array(WORDS);
  frequencies.forEach((value, bit) => {
    if (value > median) hash[bit >> 5] = (hash[bit >> 5] ?? 0) | (1 << (bit & 31));
  });
  return hash;
}

/** Only differences of neighbours that are a hundredth of the whole range or more count. */
function qualityOf(small: Float32Array): number {
  let sum = 0;
  const add = (a = 0, b = 0): void => {
    sum += abs(trunc(((a - b) * 100) / 255));
  };
  for (let at = 0; at < small.length; at++) {
    if (at + SMALL < small.length) add(small[at], small[at + SMALL]);
    if ((at + 1) % SMALL !== 0) add(small[at], small[at + 1]);
  }
  return Math.min(MOST_QUALITY, Math.trunc(sum / GRADIENTS_OF_QUALITY));
}
