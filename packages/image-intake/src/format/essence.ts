import type { Size } from '../refusals.js';

/** As in EXIF: 1 is upright, 2 to 8 are the other ways to turn and mirror. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Whether the first row of the upright picture needs more than the first that is stored. */
export const needsAllRows = (orientation: Orientation): boolean => orientation > 2;

/** How the picture is written again. */
export type Encoding = 'png' | 'jpeg' | 'jpeg-full-chroma' | 'webp';

/** What of a file is needed to draw its picture, and nothing else. */
export type Essence = Readonly<{
  /** A file of the same format, put together from the parts that matter. */
  bytes: Buffer;
  /** As stored, before the orientation is applied. */
  size: Size;
  orientation: Orientation;
  encoding: Encoding;
  /**
   * Memory that drawing it anew must take at one moment, in bytes: at least this much, known before
   * anything is decoded. 0 where the picture passes through line by line.
   */
  heldBytes: number;
}>;

/** Colour profiles of print shops reach 2 MB; whatever is beyond is no colour profile. In bytes. */
export const maxProfileBytes = 4 * 1024 * 1024;
