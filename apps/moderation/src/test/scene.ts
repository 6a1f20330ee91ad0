import sharp, { type Sharp } from 'sharp';

const SIDE = 128;

/** Waves of all lengths: rich enough for a hash of high quality, another for each seed. */
export function scene(seed: number): Sharp {
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  const waves = Array.from({ length: 24 }, (_, at) => {
    const turn = Math.sin((seed + 1) * 91.7 + at * 47.3) * 1000;
    return { x: (at % 6) * 0.09 * Math.sin(turn), y: Math.floor(at / 6) * 0.13, phase: turn * 7 };
  });
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    const sum = waves.reduce(
      (all, wave) => all + Math.sin(wave.x * x + wave.y * y + wave.phase),
      0,
    );
    pixels.fill(Math.max(0, Math.min(255, 128 + 22 * sum)), at * 3, at * 3 + 3);
  }
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });
}

const mark = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
  xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
  e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"/>
  </rdf:RDF></x:xmpmeta>`;

/** As an output: a JPEG with the mark of what a machine made. */
export const asOutput = (picture: Sharp, quality = 90): Promise<Buffer> =>
  picture.jpeg({ quality }).withXmp(mark).toBuffer();
