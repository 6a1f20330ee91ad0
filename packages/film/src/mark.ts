import { type Box, boxesIn } from './boxes.js';

/** The extended type of the `uuid` box that holds XMP in MP4 files (XMP specification, part 3). */
const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

/** Boxes on the way to the ones that tell the hour of making. */
const OPENED = new Set(['moov', 'trak', 'mdia']);
/** Boxes that begin with version, flags and two times: of creation and of modification. */
const TIMED = new Set(['mvhd', 'tkhd', 'mdhd']);

/** The XMP packets of an MP4. */
export function xmpIn(file: Buffer, boxes: readonly Box[]): Buffer[] {
  return boxes
    .filter(({ type }) => type === 'uuid')
    .map(({ from, to }) => file.subarray(from, to))
    .filter((content) => content.subarray(0, XMP_UUID.length).equals(XMP_UUID))
    .map((content) => content.subarray(XMP_UUID.length));
}

/** The box that holds XMP in an MP4. */
export function xmpBox(xmp: string): Buffer {
  const packet = Buffer.from(xmp, 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + XMP_UUID.length + packet.length);
  head.write('uuid', 4, 'latin1');
  return Buffer.concat([head, XMP_UUID, packet]);
}

/**
 * Writes an XMP packet into an MP4 as a box of its own at the end, where no offset changes, and takes
 * out when it was made: the same film is the same bytes, whenever it is filmed.
 *
 * @throws RangeError if the boxes do not fit into one another exactly: a last box that says "up to
 *   the end" would swallow the mark
 */
export function markMp4(mp4: Uint8Array, xmp: string): Buffer {
  const film = Buffer.from(mp4);
  forgetTimes(film, 0, film.length);
  return Buffer.concat([film, xmpBox(xmp)]);
}

function forgetTimes(film: Buffer, from: number, to: number): void {
  const boxes = boxesIn(film, from, to);
  if (boxes === undefined) throw new RangeError('the boxes of the film do not fit');
  for (const box of boxes) {
    if (OPENED.has(box.type)) forgetTimes(film, box.from, box.to);
    if (!TIMED.has(box.type)) continue;
    const length = film[box.from] === 1 ? 16 : 8;
    if (box.to - box.from < 4 + length) throw new RangeError(`the box ${box.type} is cut off`);
    film.fill(0, box.from + 4, box.from + 4 + length);
  }
}
