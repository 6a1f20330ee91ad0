import { encodeFilm } from '../film/test-film.js';
import { fit, type Video } from './values.js';

/**
 * An MP4 with H.264, as ComfyUI's `SaveVideo` writes it, with its graph in the metadata (`note`).
 * H.264 has even sides: odd ones are drawn one pixel larger, as ComfyUI does not.
 */
export async function encodeMp4({ pictures, fps }: Video, note: string): Promise<Buffer> {
  const size = { width: even(pictures.width), height: even(pictures.height) };
  const frames: Uint8Array[] = [];
  for (let frame = 0; frame < pictures.frames; frame += 1) {
    const { data } = await fit(await pictures.draw(frame), size.width, size.height);
    frames.push(withAlpha(data));
  }
  const film = await encodeFilm(frames, { ...size, fps });
  return Buffer.concat([film, metadata(note)]);
}

const even = (side: number): number => side + (side % 2);

function withAlpha(rgb: Buffer): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba.set(rgb.subarray(from, from + 3), to);
  }
  return rgba;
}

/** A `udta` box beside the movie, where players look for comments. */
function metadata(note: string): Buffer {
  const comment = box('\u00a9cmt', Buffer.from(note));
  return box('udta', comment);
}

function box(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
