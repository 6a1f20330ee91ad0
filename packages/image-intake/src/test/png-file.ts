import { crc32, deflateSync } from 'node:zlib';

export const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export type PngChunk = Readonly<{ type: string; data: Buffer }>;

/** One chunk with its length and checksum, or with lies in their place. */
export function pngChunk(
  type: string,
  data: Buffer | string = '',
  { length, checksum }: { length?: number; checksum?: number } = {},
): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(length ?? body.length - 4);
  body.copy(whole, 4);
  whole.writeUInt32BE(checksum ?? crc32(body), body.length + 4);
  return whole;
}

/** A header chunk. `colour`: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
export function pngHeader(
  width: number,
  height: number,
  { depth = 8, colour = 2, interlaced = false } = {},
): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return pngChunk('IHDR', data);
}

export const pngFile = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([pngSignature, ...chunks, pngChunk('IEND')]);

/** The data chunk of a picture whose every byte is zero: large to look at, small to send. */
export const zeroPixels = (bytesPerRow: number, rows: number): Buffer =>
  pngChunk('IDAT', deflateSync(Buffer.alloc((bytesPerRow + 1) * rows), { level: 9 }));

export function pngChunksOf(file: Buffer): PngChunk[] {
  const chunks: PngChunk[] = [];
  for (let at = 8; at < file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, end),
    });
    at = end + 4;
  }
  return chunks;
}

/** The same file with more chunks behind its header. */
export const withPngChunks = (file: Buffer, ...chunks: Buffer[]): Buffer =>
  Buffer.concat([file.subarray(0, 33), ...chunks, file.subarray(33)]);

/** The same file with every checksum right, as far as its lengths make sense. */
export function resealed(file: Buffer): Buffer {
  const sealed = Buffer.from(file);
  for (let at = 8; at + 12 <= sealed.length;) {
    const end = at + 8 + sealed.readUInt32BE(at);
    if (end + 4 > sealed.length) break;
    sealed.writeUInt32BE(crc32(sealed.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return sealed;
}
