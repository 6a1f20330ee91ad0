type Entry = { tag: number; type: number; count: number; value: Buffer };

const short = (tag: number, value: number): Entry => ({
  tag,
  type: 3,
  count: 1,
  value: Buffer.from([value & 0xff, value >> 8, 0, 0]),
});

/**
 * An EXIF block from its byte-order mark on: one directory with the orientation and, behind it, a
 * canary where a GPS position would be.
 */
export function exifBlock(orientation: number, canary = ''): Buffer {
  const entries: Entry[] = [
    short(0x0112, orientation),
    { tag: 0x8825, type: 2, count: canary.length, value: Buffer.from([38, 0, 0, 0]) },
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  entries.forEach(({ tag, type, count, value }, index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    value.copy(directory, at + 8);
  });
  const head = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  return Buffer.concat([head, directory, Buffer.from(canary)]);
}

/** The same block with every number the other way round. */
export function bigEndianExif(orientation: number): Buffer {
  const block = Buffer.alloc(26);
  block.write('MM\0*', 'latin1');
  block.writeUInt32BE(8, 4);
  block.writeUInt16BE(1, 8);
  block.writeUInt16BE(0x0112, 10);
  block.writeUInt16BE(3, 12);
  block.writeUInt32BE(1, 14);
  block.writeUInt16BE(orientation, 18);
  return block;
}
