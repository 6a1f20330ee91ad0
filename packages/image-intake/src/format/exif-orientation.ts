import type { Orientation } from './essence.js';

const orientationTag = 0x0112;
const shortType = 3;
const entryBytes = 12;

/**
 * The orientation that an EXIF block names in its first directory; 1 where there is none, or the
 * block is broken. This is all that is ever read of EXIF: no library sees the rest.
 *
 * @param tiff the block from its byte-order mark on, without `Exif\0\0`
 */
export function exifOrientation(tiff: Buffer): Orientation {
  const order = tiff.toString('latin1', 0, 4);
  if (tiff.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return 1;
  const little = order === 'II*\0';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return 1;
  const entries = Math.min(u16(directory), Math.floor((tiff.length - directory - 2) / entryBytes));
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + entry * entryBytes;
    if (u16(at) !== orientationTag) continue;
    const value = u16(at + 8);
    return u16(at + 2) === shortType && isOrientation(value) ? value : 1;
  }
  return 1;
}

const isOrientation = (value: number): value is Orientation => value >= 1 && value <= 8;
