import { createHmac } from 'node:crypto';
import type { Brightness } from './brightness.js';
import { addTile, type Pixels } from './embed.js';
import { layoutOf, type Layout, tileOf } from './pattern.js';
import { type Reading, readTiles } from './read.js';

/** Bytes. */
export const LEAST_KEY = 16;
/** With a shorter side a picture has no room for a watermark, and is left as it is. Pixels. */
export const LEAST_SIDE = 128;
const DIGITS = 16;

/** The id that a picture carries: 64 bits, as 16 hexadecimal digits. */
export type WatermarkId = string;

/** An invisible watermark, which only those find who have the key. */
export class Watermark {
  private readonly layout: Layout;

  /** @throws RangeError for a key of less than 16 bytes */
  constructor(private readonly key: Uint8Array) {
    if (key.length < LEAST_KEY) throw new RangeError('a watermark needs a key of 16 bytes or more');
    this.layout = layoutOf(key);
  }

  /** The id of one picture of a job: the same for every attempt, and nothing to those without the key. */
  idOf(jobId: string, picture: number): WatermarkId {
    return createHmac('sha256', this.key)
      .update(`${jobId}/${picture}`)
      .digest('hex')
      .slice(0, DIGITS);
  }

  /**
   * Writes the id into pixels, in place; leaves a picture alone that is too small.
   *
   * @param made which pixels may change (any value above 0); all where not given
   */
  write(pixels: Pixels, id: WatermarkId, made?: Uint8Array): void {
    if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) return;
    addTile(pixels, tileOf(this.layout, BigInt(`0x${id}`)), made);
  }

  /** What a picture may say if it is as large as when it was made; the likeliest first. */
  read(picture: Brightness): Reading[] {
    return readTiles(picture, this.layout);
  }
}

export const idOfPayload = (payload: bigint): WatermarkId =>
  payload.toString(16).padStart(DIGITS, '0');
