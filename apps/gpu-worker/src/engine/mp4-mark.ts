/** The extended type of the `uuid` box that holds XMP in MP4 files (XMP specification, part 3). */
const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

/** Boxes on the way to the ones that tell the hour of making. */
const OPENED = new Set(['moov', 'trak', 'mdia']);
/** Boxes that begin with version, flags and two times: of creation and of modification. */
const TIMED = new Set(['mvhd', 'tkhd', 'mdhd']);

/**
 * Writes an XMP packet into an MP4 as a box of its own at the end, where no offset changes, and takes
 * out when it was made: the same film is the same bytes, whenever it is filmed.
 *
 * @throws RangeError if the boxes do not fit into one another
 */
export function markMp4(mp4: Uint8Array, xmp: string): Uint8Array {
  const film = Buffer.from(mp4);
  forgetTimes(film, 0, film.length);
  const packet = Buffer.from(xmp, 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + XMP_UUID.length + packet.length);
  head.write('uuid', 4, 'latin1');
  return Buffer.concat([film, head, XMP_UUID, packet]);
}

function forgetTimes(film: Buffer, from: number, end: number): void {
  for (let at = from; at < end;) {
    const { type, body, next } = boxAt(film, at, end);
    if (OPENED.has(type)) forgetTimes(film, body, next);
    if (TIMED.has(type)) {
      const version = film.readUInt8(body);
      film.fill(0, body + 4, body + 4 + (version === 1 ? 16 : 8));
    }
    at = next;
  }
}

function boxAt(film: Buffer, at: number, end: number) {
  const size = film.readUInt32BE(at);
  const type = film.toString('latin1', at + 4, at + 8);
  const long = size === 1;
  const whole = long ? Number(film.readBigUInt64BE(at + 8)) : size === 0 ? end - at : size;
  const body = at + (long ? 16 : 8);
  const next = at + whole;
  if (next < body || next > end) throw new RangeError(`the box ${type} does not fit`);
  return { type, body, next };
}
