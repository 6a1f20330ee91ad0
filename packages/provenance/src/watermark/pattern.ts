import { createHash } from 'node:crypto';
import { CODED_BITS, encode } from './code.js';
import { emptyPlane, SIDE, transform, type Plane } from './transform.js';

// Looked up once: a global costs a test dearly in each of millions of rounds.
const { floor, hypot, round, sqrt } = Math;

/**
 * Waves in cycles over a tile of 128 pixels, both ends included. Longer ones drown in what the picture shows, shorter
 * ones do not survive a picture of half the size.
 */
const LONGEST = 6;
const SHORTEST = 23;
/** Of all places, those that say where the tile begins. */
const PILOT_SHARE = 0.3;

/** A wave's cosine (`im` false) or sine part, and with which sign it is in the pattern. */
export interface Place {
  /** Of the wave in a spectrum. */
  readonly at: number;
  readonly im: boolean;
  readonly sign: 1 | -1;
}

/** Which wave says what, for those who know the key. */
export interface Layout {
  readonly pilot: readonly Place[];
  /** For each coded bit, its places. */
  readonly bits: readonly (readonly Place[])[];
}

/** The same key gives the same layout, always. */
export function layoutOf(key: Uint8Array): Layout {
  const random = keyed(key);
  const places = waves().flatMap((at) =>
    [false, true].map((im): Place => ({ at, im, sign: random() < 0.5 ? -1 : 1 })),
  );
  shuffle(places, random);
  const pilots = round(places.length * PILOT_SHARE);
  const bits = Array.from({ length: CODED_BITS }, (): Place[] => []);
  places.slice(pilots).forEach((place, index) => bits[index % CODED_BITS]?.push(place));
  return { pilot: places.slice(0, pilots), bits };
}

/** One of each pair of opposite waves; none along an axis, where blocks and straight edges are. */
function waves(): number[] {
  const found: number[] = [];
  for (let down = 1; down <= SHORTEST; down++) {
    for (let across = -SHORTEST; across <= SHORTEST; across++) {
      const length = hypot(across, down);
      if (across === 0 || length < LONGEST || length > SHORTEST) continue;
      found.push(down * SIDE + ((across + SIDE) % SIDE));
    }
  }
  return found;
}

/** The tile of a payload: `SIDE` × `SIDE` differences of brightness with a mean square of 1. */
export function tileOf(layout: Layout, payload: bigint): Float64Array {
  const spectrum = emptyPlane();
  for (const place of layout.pilot) put(spectrum, place, 1);
  encode(payload).forEach((bit, index) => {
    for (const place of layout.bits[index] ?? []) put(spectrum, place, bit);
  });
  const tile = transform(spectrum, true).re;
  const power = tile.reduce((sum, value) => sum + value * value, 0) / tile.length;
  return tile.map((value) => value / sqrt(power));
}

/** The spectrum of the part that every tile of this layout has. */
export function pilotOf(layout: Layout): Plane {
  const spectrum = emptyPlane();
  for (const place of layout.pilot) put(spectrum, place, 1);
  return spectrum;
}

/** With the opposite wave, so that the tile is real. */
function put({ re, im }: Plane, place: Place, value: number): void {
  const [down, across] = [floor(place.at / SIDE), place.at % SIDE];
  const opposite = ((SIDE - down) % SIDE) * SIDE + ((SIDE - across) % SIDE);
  const part = place.im ? im : re;
  part[place.at] = place.sign * value;
  part[opposite] = place.im ? -place.sign * value : place.sign * value;
}

function shuffle(all: Place[], random: () => number): void {
  for (let last = all.length - 1; last > 0; last--) {
    const other = floor(random() * (last + 1));
    const [a, b] = [all[last], all[other]];
    if (a === undefined || b === undefined) continue;
    [all[last], all[other]] = [b, a];
  }
}

/** Numbers from 0 to 1 that nobody can tell without the key: SHA-256 over it and a count. */
function keyed(key: Uint8Array): () => number {
  let count = 0;
  let block = Buffer.alloc(0);
  return () => {
    const at = (count % 8) * 4;
    if (at === 0) block = createHash('sha256').update(key).update(` ${count}`).digest();
    count += 1;
    return block.readUInt32BE(at) / 2 ** 32;
  };
}
