import { exifBlock } from './exif.js';
import { canary, type HostileImage, noise, polyglots, truncations } from './hostile-image.js';
import { frameSegment, jpegSegment, withJpegFrame, withJpegSegments } from './jpeg-file.js';
import { withoutJpegSegments, withRepeatedScan } from './jpeg-file.js';
import { drawn, photo, plain } from './pictures.js';
import { manyScans } from './jpeg-scans.js';

type Case = [name: string, bytes: Buffer, expected: HostileImage['expected']];

const end = Buffer.from([0xff, 0xd9]);

function declared(good: Buffer): Case[] {
  const huge = withJpegFrame(good, { width: 65_535, height: 65_535 });
  return [
    ['of 65,535 × 65,535', huge, 'image.too_many_pixels'],
    [
      'of 40 megapixels with data for few',
      withJpegFrame(good, { width: 8_000, height: 5_000 }),
      'image.damaged',
    ],
    ['without a width', withJpegFrame(good, { width: 0 }), 'image.damaged'],
    ['whose height comes later', withJpegFrame(good, { height: 0 }), 'image.damaged'],
    ['with 12 bits a sample', withJpegFrame(good, { precision: 12 }), 'image.not_supported'],
    ['in lossless coding', withJpegFrame(good, { code: 0xc3 }), 'image.not_supported'],
    ['in arithmetic coding', withJpegFrame(good, { code: 0xc9 }), 'image.not_supported'],
    [
      'with an arithmetic table',
      withJpegSegments(good, jpegSegment(0xcc, '\0\0')),
      'image.not_supported',
    ],
    [
      'with a height after the scan',
      Buffer.concat([good.subarray(0, -2), jpegSegment(0xdc, '\0\x30'), end]),
      'image.not_supported',
    ],
    ['with two frames', withJpegSegments(good, frameSegment(good)), 'image.damaged'],
    [
      'with a frame of 200 components',
      withJpegSegments(
        good,
        jpegSegment(
          0xc0,
          Buffer.concat([Buffer.from([8, 0, 9, 0, 9, 200]), Buffer.alloc(600, 0x11)]),
        ),
      ),
      'image.not_supported',
    ],
    [
      'with a frame cut short',
      withJpegSegments(good, jpegSegment(0xc0, Buffer.from([8, 0, 9, 0, 9, 3]))),
      'image.damaged',
    ],
    [
      'with a frame that is not sampled',
      withJpegSegments(
        withoutJpegSegments(good, 0xc0),
        jpegSegment(0xc0, Buffer.from([8, 0, 9, 0, 9, 1, 1, 0, 0])),
      ),
      'image.damaged',
    ],
  ];
}

const broken = (good: Buffer): Case[] => [
  ['of nothing but its first bytes', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image.damaged'],
  ['of start and end', Buffer.concat([good.subarray(0, 2), end]), 'image.damaged'],
  ['without a frame', withoutJpegSegments(good, 0xc0), 'image.damaged'],
  ['without Huffman tables', withoutJpegSegments(good, 0xc4), 'image.damaged'],
  ['without quantisation tables', withoutJpegSegments(good, 0xdb), 'image.damaged'],
  ['with a segment of length 0', withJpegSegments(good, jpegSegment(0xe5, '', 0)), 'image.damaged'],
  ['with a segment of length 1', withJpegSegments(good, jpegSegment(0xe5, '', 1)), 'image.damaged'],
  [
    'with a segment that swallows the rest',
    withJpegSegments(good, jpegSegment(0xe5, '', 65_535)),
    'image.damaged',
  ],
  [
    'with a Huffman table of too many codes',
    withJpegSegments(
      withoutJpegSegments(good, 0xc4),
      jpegSegment(
        0xc4,
        Buffer.concat([Buffer.from([0]), Buffer.alloc(16, 255), Buffer.alloc(4_080)]),
      ),
    ),
    'image.damaged',
  ],
  [
    'with a restart where none may be',
    withJpegSegments(good, Buffer.from([0xff, 0xd0])),
    'image.damaged',
  ],
  [
    'with text between segments',
    withJpegSegments(good, jpegSegment(0xe5, ''), Buffer.from(canary)),
    'image.damaged',
  ],
  [
    'with other data in its scan',
    Buffer.concat([good.subarray(0, good.length - 400), Buffer.alloc(398, 0xa5), end]),
    'cleaned',
  ],
];

async function bombs(): Promise<Case[]> {
  const progressive = { progressive: true, chromaSubsampling: '4:4:4' };
  const small = await drawn(photo(64, 48)).jpeg(progressive).toBuffer();
  const large = await plain(8_000, 5_000).jpeg(progressive).toBuffer();
  const twenty = await plain(5_000, 4_000).jpeg().toBuffer();
  return [
    ['of the same scan 5,000 times', withRepeatedScan(small, 5_000), 'image.too_complex'],
    ['of the same scan 75 times', withRepeatedScan(small, 75), 'image.damaged'],
    ['of 101 lawful scans', manyScans(800, 800, 101), 'image.too_complex'],
    ['of 100 lawful scans over 36 megapixels', manyScans(6_000, 6_000, 100), 'cleaned'],
    ['of 40 megapixels in several scans', large, 'image.too_complex'],
    ['of 20 megapixels in 400 kB', twenty, 'cleaned'],
  ];
}

function loaded(good: Buffer): Case[] {
  const profile = (body: Buffer, part = 1, parts = 1) =>
    jpegSegment(
      0xe2,
      Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([part, parts]), body]),
    );
  const parts = Array.from({ length: 70 }, (_, at) => profile(Buffer.alloc(65_000), at + 1, 70));
  const empties = Array.from({ length: 50_000 }, () => jpegSegment(0xe5, ''));
  const comments = Array.from({ length: 1_000 }, () => jpegSegment(0xfe, canary));
  const exif = (block: Buffer) =>
    jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), block]));
  const stuffed = Buffer.alloc(2_000_000, Buffer.from([0xff, 0x00]));
  return [
    ['with a colour profile of 4.5 MB', withJpegSegments(good, ...parts), 'image.too_complex'],
    ['with a colour profile of noise', withJpegSegments(good, profile(noise(60_000))), 'cleaned'],
    [
      'with part 9 of 2 of a colour profile',
      withJpegSegments(good, profile(noise(900), 9, 2)),
      'cleaned',
    ],
    ['with 50,000 empty segments', withJpegSegments(good, ...empties), 'image.too_complex'],
    ['with 1,000 comments', withJpegSegments(good, ...comments), 'cleaned'],
    ['with 3 MB of fill bytes', withJpegSegments(good, Buffer.alloc(3_000_000, 0xff)), 'cleaned'],
    ['with EXIF of nonsense', withJpegSegments(good, exif(noise(60_000))), 'cleaned'],
    ['with EXIF cut short', withJpegSegments(good, exif(exifBlock(6).subarray(0, 12))), 'cleaned'],
    [
      'with a thumbnail',
      withJpegSegments(good, jpegSegment(0xe0, Buffer.concat([Buffer.from('JFXX\0\x10'), good]))),
      'cleaned',
    ],
    [
      'with Adobe of a strange transform',
      withJpegSegments(good, jpegSegment(0xee, 'Adobe\0\x64\0\0\0\0\xee')),
      'image.damaged',
    ],
    [
      'with a million stuffed bytes behind its scan',
      Buffer.concat([good.subarray(0, -2), stuffed, end]),
      'cleaned',
    ],
  ];
}

export async function hostileJpegs(): Promise<HostileImage[]> {
  const good = await drawn(photo(64, 48)).jpeg({ quality: 95 }).toBuffer();
  const cases = [...declared(good), ...broken(good), ...(await bombs()), ...loaded(good)];
  return [
    ...truncations('a JPEG', good),
    ...polyglots('a JPEG', good),
    ...cases.map(([name, bytes, expected]) => ({ name: `a JPEG ${name}`, bytes, expected })),
  ];
}
