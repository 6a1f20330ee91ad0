import { createRequire } from 'node:module';
import { xmpBox } from '@safelight/film';
import type { createH264MP4Encoder as Create } from 'h264-mp4-encoder';

const require = createRequire(import.meta.url);

type Colour = readonly [number, number, number];

export interface TestFilm {
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  readonly fps?: number;
  /** Red, green and blue of all of it, or of each frame. */
  readonly colour?: Colour | ((frame: number) => Colour);
  /** Frames from one that stands for itself to the next; one second, if nothing is said. */
  readonly groupOfPictures?: number;
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
  Object.assign(encoder, {
    width,
    height,
    frameRate: fps,
    groupOfPictures: film.groupOfPictures ?? fps,
  });
  encoder.initialize();
  for (let frame = 0; frame < frames; frame++) {
    const of = typeof colour === 'function' ? colour(frame) : colour;
    encoder.addFrameRgba(new Uint8Array(width * height * 4).map((_, i) => of[i % 4] ?? 255));
  }
  encoder.finalize();
  const bytes = Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  encoder.delete();
  const { xmp = MACHINE_MADE } = film;
  return xmp === null ? bytes : Buffer.concat([bytes, xmpBox(xmp)]);
}
