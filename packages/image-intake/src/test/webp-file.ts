export type WebpChunk = Readonly<{ type: string; data: Buffer }>;

export function webpChunk(type: string, data: Buffer | string, length?: number): Buffer {
  const body = Buffer.from(data);
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(length ?? body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** @param length what the file says of itself, where that is to be a lie */
export function webpFile(chunks: readonly Buffer[], length?: number): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(length ?? body.length, 4);
  return Buffer.concat([head, body]);
}

/** The extended header. Flags: 0x02 animation, 0x04 XMP, 0x08 EXIF, 0x10 alpha, 0x20 profile. */
export function webpExtended(width: number, height: number, flags: number): Buffer {
  const data = Buffer.alloc(10);
  data[0] = flags;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return webpChunk('VP8X', data);
}

export function webpChunksOf(file: Buffer): WebpChunk[] {
  const chunks: WebpChunk[] = [];
  for (let at = 12; at < file.length;) {
    const end = at + 8 + file.readUInt32LE(at + 4);
    chunks.push({ type: file.toString('latin1', at, at + 4), data: file.subarray(at + 8, end) });
    at = end + (end % 2);
  }
  return chunks;
}

/** The frame of a file, as a chunk. */
export function webpFrame(file: Buffer): Buffer {
  const frame = webpChunksOf(file).find(({ type }) => type.startsWith('VP8') && type !== 'VP8X')!;
  return webpChunk(frame.type, frame.data);
}
