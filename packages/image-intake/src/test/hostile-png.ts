import { deflateSync } from 'node:zlib';
import { exifBlock } from './exif.js';
import { canary, type HostileImage, noise, polyglots, truncations } from './hostile-image.js';
import { drawn, photo } from './pictures.js';
import { pngChunk, pngChunksOf, pngFile, pngHeader, pngSignature } from './png-file.js';
import { withPngChunks, zeroPixels } from './png-file.js';

type Case = [name: string, bytes: Buffer, expected: HostileImage['expected']];

const garbage = pngChunk('IDAT', Buffer.from('not deflated at all'));
const zeroes = (bytes: number) => deflateSync(Buffer.alloc(bytes), { level: 9 });
const profile = (compressed: Buffer) =>
  pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), compressed]));
const animation = pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));

/** Sizes that only the header knows of. */
const declared: Case[] = [
  ['of 100,000 × 100,000', pngFile(pngHeader(100_000, 100_000), garbage), 'image.too_many_pixels'],
  [
    'of the greatest size there is',
    pngFile(pngHeader(0x7fffffff, 0x7fffffff), garbage),
    'image.too_many_pixels',
  ],
  ['of a negative size', pngFile(pngHeader(0xffffffff, 1), garbage), 'image.too_many_pixels'],
  ['of one pixel too many', pngFile(pngHeader(40_000_001, 1), garbage), 'image.too_many_pixels'],
  ['without a width', pngFile(pngHeader(0, 10), garbage), 'image.damaged'],
  [
    'of 40 million rows of nothing',
    pngFile(pngHeader(1, 40_000_000), garbage),
    'image.too_many_pixels',
  ],
  ['of one row of nothing', pngFile(pngHeader(40_000_000, 1), garbage), 'image.too_many_pixels'],
  ['of a row too wide', pngFile(pngHeader(32_768, 1), garbage), 'image.too_many_pixels'],
  ['of a row just as wide as may be', pngFile(pngHeader(32_767, 1), garbage), 'image.damaged'],
  [
    'of 30,000 pixels and no width to speak of',
    pngFile(pngHeader(1, 30_000), garbage),
    'image.damaged',
  ],
  [
    'of 36 megapixels with data for one',
    pngFile(pngHeader(6_000, 6_000), zeroPixels(1_000, 1_000)),
    'image.damaged',
  ],
  [
    'of 8 by 8 with data for a million rows',
    pngFile(pngHeader(8, 8), zeroPixels(24, 1_000_000)),
    'cleaned',
  ],
];

/** Small files, large pictures: each within the number of pixels allowed. */
const bombs: Case[] = [
  [
    'of 40 megapixels in 16 bits, interlaced',
    pngFile(
      pngHeader(8_000, 5_000, { depth: 16, colour: 6, interlaced: true }),
      zeroPixels(64_000, 500),
    ),
    'image.too_complex',
  ],
  [
    'of 40 megapixels in 16 bits, on its side',
    withPngChunks(
      pngFile(pngHeader(8_000, 5_000, { depth: 16, colour: 6 }), zeroPixels(64_000, 5_000)),
      pngChunk('eXIf', exifBlock(6)),
    ),
    'image.too_complex',
  ],
  [
    'of 20 megapixels in 16 bits',
    pngFile(pngHeader(5_000, 4_000, { depth: 16, colour: 6 }), zeroPixels(40_000, 4_000)),
    'cleaned',
  ],
  [
    'of 25 black megapixels',
    pngFile(pngHeader(5_000, 5_000, { colour: 0 }), zeroPixels(5_000, 5_000)),
    'cleaned',
  ],
  [
    'of 36 megapixels of one bit',
    pngFile(pngHeader(6_000, 6_000, { depth: 1, colour: 0 }), zeroPixels(750, 6_000)),
    'cleaned',
  ],
];

const broken = (good: Buffer, cases: { whole: Buffer[] }): Case[] => {
  const [header, data, end] = cases.whole as [Buffer, Buffer, Buffer];
  const wrongHeader = Buffer.from(header);
  wrongHeader.writeUInt32BE(41, 8);
  const wrongData = Buffer.from(data);
  wrongData[20]! ^= 1;
  const file = (...chunks: Buffer[]) => Buffer.concat([pngSignature, ...chunks]);
  return [
    ['with a wrong checksum in its header', file(wrongHeader, data, end), 'image.damaged'],
    ['with a wrong checksum in its data', file(header, wrongData, end), 'image.damaged'],
    [
      'with a chunk of 4 GB',
      withPngChunks(good, pngChunk('tEXt', 'a', { length: 0xffffffff })),
      'image.damaged',
    ],
    [
      'with a chunk of 2 GB',
      withPngChunks(good, pngChunk('tEXt', 'a', { length: 0x7fffffff })),
      'image.damaged',
    ],
    [
      'with a chunk that swallows the end',
      file(header, pngChunk('IDAT', '', { length: data.length + 12 }), data),
      'image.damaged',
    ],
    ['with the header last', file(data, header, end), 'image.damaged'],
    ['with two headers', file(header, header, data, end), 'image.damaged'],
    ['without data', file(header, end), 'image.damaged'],
    ['without an end', file(header, data), 'image.damaged'],
    ['of nothing but its signature', pngSignature, 'image.damaged'],
    ['with data that is not deflated', pngFile(header, garbage), 'image.damaged'],
    [
      'with a chunk nobody knows but must',
      withPngChunks(good, pngChunk('EVIL', canary)),
      'image.not_supported',
    ],
    [
      'with a chunk of no name',
      withPngChunks(good, pngChunk('\0\0\0\0', canary)),
      'image.not_supported',
    ],
    ['with a depth of 3 bits', pngFile(pngHeader(8, 8, { depth: 3 }), data), 'image.damaged'],
    ['with a colour type of 5', pngFile(pngHeader(8, 8, { colour: 5 }), data), 'image.damaged'],
    [
      'with a palette it lacks',
      pngFile(pngHeader(8, 8, { colour: 3 }), zeroPixels(8, 8)),
      'image.damaged',
    ],
    [
      'with the palette of a giant',
      pngFile(
        pngHeader(8, 8, { colour: 3 }),
        pngChunk('PLTE', Buffer.alloc(3_000)),
        zeroPixels(8, 8),
      ),
      'image.damaged',
    ],
  ];
};

const loaded = (good: Buffer): Case[] => {
  const tiny = Array.from({ length: 30_000 }, () => pngChunk('IDAT', ''));
  const texts = Array.from({ length: 10_000 }, (_, at) => pngChunk('tEXt', `k${at}\0${canary}`));
  const directory = exifBlock(6, canary);
  directory.writeUInt32LE(8, 30);
  return [
    [
      'with a text that unpacks to 200 MB',
      withPngChunks(
        good,
        pngChunk('zTXt', Buffer.concat([Buffer.from('k\0\0'), zeroes(200_000_000)])),
      ),
      'cleaned',
    ],
    [
      'with a colour profile that unpacks to 200 MB',
      withPngChunks(good, profile(zeroes(200_000_000))),
      'image.too_complex',
    ],
    [
      'with a colour profile of noise',
      withPngChunks(good, profile(deflateSync(noise(500_000)))),
      'cleaned',
    ],
    [
      'with a colour profile that does not unpack',
      withPngChunks(good, profile(Buffer.from(canary))),
      'cleaned',
    ],
    ['with a colour profile of no name', withPngChunks(good, pngChunk('iCCP', '')), 'cleaned'],
    ['with 30,000 empty data chunks', withPngChunks(good, ...tiny), 'image.too_complex'],
    ['with 10,000 texts', withPngChunks(good, ...texts), 'cleaned'],
    [
      'with EXIF that points at itself',
      withPngChunks(good, pngChunk('eXIf', directory)),
      'cleaned',
    ],
    ['with EXIF of nonsense', withPngChunks(good, pngChunk('eXIf', noise(4_000))), 'cleaned'],
    ['that is animated', withPngChunks(good, animation), 'image.animated'],
    [
      'that is animated from behind',
      Buffer.concat([good.subarray(0, -12), animation, good.subarray(-12)]),
      'image.animated',
    ],
  ];
};

export async function hostilePngs(): Promise<HostileImage[]> {
  const good = await drawn(photo(64, 48)).png().toBuffer();
  const whole = pngChunksOf(good)
    .filter(({ type }) => type !== 'pHYs')
    .map(({ type, data }) => pngChunk(type, data));
  const cases = [...declared, ...bombs, ...broken(good, { whole }), ...loaded(good)];
  return [
    ...truncations('a PNG', good),
    ...polyglots('a PNG', good),
    ...cases.map(([name, bytes, expected]) => ({ name: `a PNG ${name}`, bytes, expected })),
  ];
}
