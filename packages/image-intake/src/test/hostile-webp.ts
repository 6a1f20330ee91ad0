import sharp from 'sharp';
import { canary, type HostileImage, noise, polyglots, truncations } from './hostile-image.js';
import { drawn, photo, plain } from './pictures.js';
import { webpChunk, webpExtended, webpFile, webpFrame } from './webp-file.js';

type Case = [name: string, bytes: Buffer, expected: HostileImage['expected']];

/** The five bytes that begin lossless data, claiming a size up to 16,384 by 16,384. */
function lossless(width: number, height: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([0x2f, 0, 0, 0, 0]);
  head.writeUInt32LE(width - 1 + (height - 1) * 0x4000, 1);
  return webpChunk('VP8L', Buffer.concat([head, data]));
}

function lossy(width: number, height: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]);
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return webpChunk('VP8 ', Buffer.concat([head, data]));
}

const extended = (flags = 0) => webpExtended(64, 48, flags);

const declared = (frame: Buffer): Case[] => [
  ['of 16,384 squared', webpFile([lossless(16_384, 16_384)]), 'image.too_many_pixels'],
  ['of 16,383 squared', webpFile([lossy(16_383, 16_383)]), 'image.too_many_pixels'],
  [
    'with a canvas of 16 million squared',
    webpFile([webpExtended(1 << 24, 1 << 24, 0), frame]),
    'image.too_many_pixels',
  ],
  [
    'with a canvas larger than its frame',
    webpFile([webpExtended(5_000, 5_000, 0), frame]),
    'image.damaged',
  ],
  [
    'with a frame larger than its canvas',
    webpFile([webpExtended(9, 9, 0), lossless(16_384, 16_384)]),
    'image.damaged',
  ],
  ['of 25 megapixels without data', webpFile([lossless(5_000, 5_000)]), 'image.damaged'],
  [
    'of 25 lossless megapixels of noise',
    webpFile([lossless(5_000, 5_000, noise(50_000))]),
    'image.damaged',
  ],
  ['of 16 megapixels of noise', webpFile([lossy(4_000, 4_000, noise(50_000))]), 'image.damaged'],
  ['of 39 megapixels', webpFile([lossy(6_240, 6_250)]), 'image.too_complex'],
  ['without a width', webpFile([lossy(0, 16)]), 'image.damaged'],
];

const broken = (good: Buffer, frame: Buffer): Case[] => [
  ['of nothing but its head', good.subarray(0, 12), 'image.damaged'],
  ['without chunks', webpFile([]), 'image.damaged'],
  ['that claims to be 2 GB', webpFile([frame], 0x7fffffff), 'image.damaged'],
  ['that claims to be 4 GB', webpFile([frame], 0xffffffff), 'image.damaged'],
  ['that claims to be empty', webpFile([frame], 0), 'image.damaged'],
  ['with a chunk of 4 GB', webpFile([webpChunk('VP8 ', 'a', 0xffffffff)]), 'image.damaged'],
  [
    'with a chunk that swallows its frame',
    webpFile([extended(), webpChunk('JUNK', '', frame.length), frame]),
    'image.damaged',
  ],
  ['with a frame of text', webpFile([webpChunk('VP8 ', canary)]), 'image.damaged'],
  ['with two frames', webpFile([extended(), frame, frame]), 'image.damaged'],
  ['with two kinds of frame', webpFile([frame, lossless(64, 48)]), 'image.damaged'],
  ['with two canvases', webpFile([extended(), extended(), frame]), 'image.damaged'],
  ['with a canvas cut short', webpFile([webpChunk('VP8X', '\0\0\0\0'), frame]), 'image.damaged'],
  [
    'with noise for transparency',
    webpFile([extended(0x10), webpChunk('ALPH', noise(300)), frame]),
    'image.damaged',
  ],
];

async function loaded(frame: Buffer): Promise<Case[]> {
  const many = Array.from({ length: 2_000 }, (_, at) => webpChunk(`${at}....`.slice(0, 4), ''));
  const profile = (bytes: Buffer) => webpFile([extended(0x20), webpChunk('ICCP', bytes), frame]);
  const twice = { width: 32, height: 64, channels: 3, pageHeight: 32 } as const;
  const film = sharp(photo(32, 64).data, { raw: twice }).webp();
  return [
    ['with a colour profile of noise', profile(noise(60_000)), 'cleaned'],
    ['with a colour profile of 5 MB', profile(Buffer.alloc(5_000_000)), 'image.too_complex'],
    ['with 2,000 unknown chunks', webpFile([extended(), ...many, frame]), 'image.too_complex'],
    ['that is animated', await film.toBuffer(), 'image.animated'],
    ['that says it is animated', webpFile([extended(0x02), frame]), 'image.animated'],
    [
      'that is animated without saying so',
      webpFile([extended(), webpChunk('ANMF', Buffer.alloc(40)), frame]),
      'image.animated',
    ],
    [
      'of 40 black megapixels, lossless',
      await plain(8_000, 5_000).webp({ lossless: true, effort: 0 }).toBuffer(),
      'image.too_complex',
    ],
    [
      'of 25 black megapixels, lossless',
      await plain(5_000, 5_000).webp({ lossless: true, effort: 0 }).toBuffer(),
      'cleaned',
    ],
    ['with flags for all it lacks', webpFile([extended(0x3c), frame]), 'cleaned'],
  ];
}

export async function hostileWebps(): Promise<HostileImage[]> {
  const good = await drawn(photo(64, 48)).webp().toBuffer();
  const frame = webpFrame(good);
  const cases = [...declared(frame), ...broken(good, frame), ...(await loaded(frame))];
  return [
    ...truncations('a WebP', good),
    ...polyglots('a WebP', good),
    ...cases.map(([name, bytes, expected]) => ({ name: `a WebP ${name}`, bytes, expected })),
  ];
}
