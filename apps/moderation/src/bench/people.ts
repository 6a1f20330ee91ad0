import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A benign photo of one or more adults, as PNG. */
export interface Photo {
  readonly name: string;
  readonly png: Buffer;
}

const assets = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/human')),
  '../assets',
);

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where photos stand in the screenshots that ship with the models: found by looking at them. */
const places: Readonly<Record<string, readonly Place[]>> = {
  'screenshot-facedetect.jpg': [
    ...[7, 164, 321, 478, 632].map((left) => ({ left, top: 347, width: 150, height: 148 })),
    { left: 106, top: 93, width: 198, height: 150 },
    { left: 307, top: 93, width: 198, height: 150 },
    { left: 708, top: 84, width: 92, height: 168 },
  ],
  'screenshot-faceid.jpg': [{ left: 14, top: 142, width: 140, height: 140 }],
  'samples.jpg': [
    { left: 0, top: 200, width: 1280, height: 950 },
    { left: 168, top: 0, width: 146, height: 158 },
    { left: 327, top: 0, width: 210, height: 158 },
    { left: 547, top: 0, width: 86, height: 158 },
    { left: 644, top: 0, width: 144, height: 158 },
    { left: 800, top: 0, width: 100, height: 158 },
    { left: 1132, top: 0, width: 138, height: 158 },
  ],
  // A grid of faces, each with a line of text over it.
  'screenshot-facematch.jpg': Array.from({ length: 6 * 18 }, (_, at) => ({
    left: Math.round((at % 18) * 106.55) + 2,
    top: Math.round(Math.floor(at / 18) * 112.4) + 286,
    width: 100,
    height: 98,
  })),
};

/** Those that ship with the models, and whatever further files are named. */
export async function photosOfPeople(further: readonly string[]): Promise<Photo[]> {
  const shipped = Object.entries(places).flatMap(([file, all]) =>
    all.map(async (place, at) => ({
      name: `${file} ${at}`,
      png: await sharp(await readFile(join(assets, file)))
        .extract(place)
        .png()
        .toBuffer(),
    })),
  );
  const others = further.map(async (file) => ({
    name: file,
    png: await sharp(await readFile(file))
      .png()
      .toBuffer(),
  }));
  return Promise.all([...shipped, ...others]);
}
