import { createRequire } from 'node:module';
import type { createH264MP4Encoder as Create } from 'h264-mp4-encoder';

const require = createRequire(import.meta.url);

export interface TestFilm {
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  readonly fps?: number;
  /** Red, green and blue of all of it. */
  readonly colour?: readonly [number, number, number];
  /** The pixels of each frame instead, four bytes each. */
  readonly draw?: (frame: number) => Uint8Array;
  /** What its XMP says; `null` leaves the packet away. */
  readonly xmp?: string | null;
}

const MACHINE_MADE = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia';

/** A plain film in H.264 with the mark of a machine-made one. */
export async function testFilm(film: TestFilm = {}): Promise<Buffer> {
  const { width = 64, height = 48, frames = 12, fps = 12, colour = [60, 120, 160] } = film;
  const { createH264MP4Encoder } = require('h264-mp4-encoder') as {
    createH264MP4Encoder: typeof Create;
  };
  const encoder = await createH264MP4Encoder();
  Object.assign(encoder, { width, height, frameRate: fps, groupOfPictures: fps });
  encoder.initialize();
  const picture = new Uint8Array(width * height * 4).map((_, i) => colour[i % 4] ?? 255);
  for (let i = 0; i < frames; i++) encoder.addFrameRgba(film.draw?.(i) ?? picture);
  encoder.finalize();
  const bytes = Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  encoder.delete();
  const { xmp = MACHINE_MADE } = film;
  return xmp === null ? bytes : Buffer.concat([bytes, xmpBox(xmp)]);
}

/** The box that holds XMP in an MP4. */
export function xmpBox(xmp: string): Buffer {
  const type = Buffer.from('uuid', 'latin1');
  const uuid = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
  const box = Buffer.concat([Buffer.alloc(4), type, uuid, Buffer.from(xmp, 'utf8')]);
  box.writeUInt32BE(box.length);
  return box;
}
