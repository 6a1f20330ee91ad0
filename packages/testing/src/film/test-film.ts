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
  /** The pixels of each frame instead, four bytes each. */
  readonly draw?: (frame: number) => Uint8Array;
  /** Frames from one that stands for itself to the next; one second, if nothing is said. */
  readonly groupOfPictures?: number;
  /** What its XMP says; `null` leaves the packet away. */
  readonly xmp?: string | null;
}

const MACHINE_MADE = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia';

/** A plain film in H.264 with the mark of a machine-made one. */
export async function testFilm(film: TestFilm = {}): Promise<Buffer> {
  const { width = 64, height = 48, frames = 12, fps = 12, colour = [60, 120, 160] } = film;
  const plain = (frame: number) => {
    const of = typeof colour === 'function' ? colour(frame) : colour;
    return new Uint8Array(width * height * 4).map((_, i) => of[i % 4] ?? 255);
  };
  const pictures = Array.from({ length: frames }, (_, frame) => (film.draw ?? plain)(frame));
  const { groupOfPictures = fps, xmp = MACHINE_MADE } = film;
  const bytes = await encodeFilm(pictures, { width, height, fps, groupOfPictures });
  return xmp === null ? bytes : Buffer.concat([bytes, xmpBox(xmp)]);
}

/**
 * Pictures as an MP4 with H.264.
 *
 * @param pictures red, green, blue and alpha of every pixel, rows from the top; sides are even
 */
export async function encodeFilm(
  pictures: readonly Uint8Array[],
  { width, height, fps, groupOfPictures = fps }: Film,
): Promise<Buffer> {
  const { createH264MP4Encoder } = require('h264-mp4-encoder') as {
    createH264MP4Encoder: typeof Create;
  };
  const encoder = await createH264MP4Encoder();
  Object.assign(encoder, { width, height, frameRate: fps, groupOfPictures });
  encoder.initialize();
  for (const picture of pictures) encoder.addFrameRgba(picture);
  encoder.finalize();
  const bytes = Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  encoder.delete();
  return bytes;
}

type Film = Required<Pick<TestFilm, 'width' | 'height' | 'fps'>> &
  Pick<TestFilm, 'groupOfPictures'>;
