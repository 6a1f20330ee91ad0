import { jpegSegment } from './jpeg-file.js';

/** A Huffman table of one symbol, whose code is a single zero bit. */
const tableOf = (place: number, symbol: number) =>
  jpegSegment(0xc4, Buffer.from([place, 1, ...Array.from({ length: 15 }, () => 0), symbol]));

/** "The next 32,767 blocks are empty", fifteen bits as often as needed, behind a stuffed zero each. */
function emptyBlocks(blocks: number): Buffer {
  const bits = '011111111111111'.repeat(Math.ceil(blocks / 32_767));
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.from(
    bytes.flatMap((byte) => {
      const value = parseInt(byte.padEnd(8, '1'), 2);
      return value === 0xff ? [0xff, 0] : [value];
    }),
  );
}

const scan = (from: number, to: number, precision: number, data: Buffer) =>
  Buffer.concat([jpegSegment(0xda, Buffer.from([1, 1, 0, from, to, precision])), data]);

/**
 * A grey progressive picture of nothing, told in as many scans as asked, each lawful: one for every
 * coefficient, then again for its last bit. It has a few bytes for each pass that a decoder makes
 * over all of its blocks.
 */
export function manyScans(width: number, height: number, scans: number): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const passes = Array.from({ length: scans - 1 }, (_, pass) => {
    const coefficient = (pass % 63) + 1;
    return scan(coefficient, coefficient, pass < 63 ? 0x01 : 0x10, emptyBlocks(blocks));
  });
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)])),
    jpegSegment(0xc2, frame),
    tableOf(0x00, 0),
    tableOf(0x10, 0xe0),
    scan(0, 0, 0x00, Buffer.alloc(Math.ceil(blocks / 8))),
    ...passes,
    Buffer.from([0xff, 0xd9]),
  ]);
}
