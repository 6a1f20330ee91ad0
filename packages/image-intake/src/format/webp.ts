import { ImageRefused, type Size } from '../refusals.js';
import { type Essence, maxProfileBytes, type Orientation } from './essence.js';
import { exifOrientation } from './exif-orientation.js';

const headBytes = 12;
const maxChunks = 1_000;
/** What the library takes, measured: it decodes in one piece, and encodes in one. */
const bytesPerPixel = { lossy: 12, lossless: 8 } as const;
/** Bits of VP8X: what the file says it holds. */
const flags = { animation: 0x02, alpha: 0x10, profile: 0x20 } as const;

export const isWebp = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP';

/** The size the file declares first: of its canvas, or of its only frame. */
export function webpSize(bytes: Buffer): Size {
  const [first] = chunksOf(bytes);
  if (!first) throw damaged();
  if (first.type === 'VP8X') return canvasSize(first.data);
  return frameSize(first);
}

/**
 * Keeps the frame, its alpha plane and its colour profile.
 * @throws {ImageRefused} `image.damaged`, `image.animated`, `image.too_complex`
 */
export function essentialWebp(bytes: Buffer): Essence {
  const parts = new Map<string, Chunk>();
  for (const chunk of chunksOf(bytes)) {
    if (chunk.type === 'ANIM' || chunk.type === 'ANMF') throw new ImageRefused('image.animated');
    if (parts.has(chunk.type)) throw damaged();
    parts.set(chunk.type, chunk);
  }
  const lossy = parts.get('VP8 ');
  const lossless = parts.get('VP8L');
  const frame = lossy ?? lossless;
  if (!frame || (lossy && lossless)) throw damaged();
  const size = frameSize(frame);
  const extended = parts.get('VP8X');
  if (extended) agree(extended, size);
  const kept = extended ? rewrapped(extended, parts, frame) : [frame.whole];
  return {
    bytes: riffOf(kept),
    size,
    orientation: orientationIn(parts.get('EXIF')),
    // The lossless encoder wants 40 bytes of memory a pixel; PNG keeps the same pixels for four.
    encoding: lossless ? 'png' : 'webp',
    heldBytes: size.width * size.height * bytesPerPixel[lossless ? 'lossless' : 'lossy'],
  };
}

type Chunk = Readonly<{ type: string; data: Buffer; whole: Buffer }>;

/** The chunks within the length that the file declares; what lies behind it is not looked at. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  if (bytes.length < headBytes) throw damaged();
  const declared = bytes.readUInt32LE(4) + 8;
  if (declared > bytes.length) throw damaged();
  let at = headBytes;
  for (let count = 0; at < declared; count += 1) {
    if (count === maxChunks) throw new ImageRefused('image.too_complex');
    if (at + 8 > declared) throw damaged();
    const dataEnd = at + 8 + bytes.readUInt32LE(at + 4);
    const end = dataEnd + (dataEnd % 2);
    if (dataEnd > declared || end > bytes.length) throw damaged();
    const type = bytes.toString('latin1', at, at + 4);
    yield { type, data: bytes.subarray(at + 8, dataEnd), whole: bytes.subarray(at, end) };
    at = end;
  }
}

function agree({ data }: Chunk, frame: Size): void {
  if ((data[0] ?? 0) & flags.animation) throw new ImageRefused('image.animated');
  const canvas = canvasSize(data);
  if (canvas.width !== frame.width || canvas.height !== frame.height) throw damaged();
}

/** The extended header again, claiming no more than what is kept. */
function rewrapped(extended: Chunk, parts: ReadonlyMap<string, Chunk>, frame: Chunk): Buffer[] {
  const profile = parts.get('ICCP');
  if (profile && profile.data.length > maxProfileBytes) throw new ImageRefused('image.too_complex');
  const alpha = frame.type === 'VP8 ' ? parts.get('ALPH') : undefined;
  const header = Buffer.from(extended.whole.subarray(0, 18));
  const declared = (extended.data[0] ?? 0) & flags.alpha;
  header.writeUInt32LE(10, 4);
  header[8] = declared | (profile ? flags.profile : 0);
  return [header, ...[profile, alpha, frame].flatMap((chunk) => (chunk ? [chunk.whole] : []))];
}

function riffOf(chunks: readonly Buffer[]): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  const file = Buffer.concat([head, ...chunks]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

function canvasSize(data: Buffer): Size {
  if (data.length < 10) throw damaged();
  return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
}

function frameSize({ type, data }: Chunk): Size {
  if (type === 'VP8 ' && data.length >= 10 && data.readUIntBE(3, 3) === 0x9d012a) {
    const size = { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
    if (size.width > 0 && size.height > 0) return size;
  }
  if (type === 'VP8L' && data.length >= 5 && data[0] === 0x2f) {
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  throw damaged();
}

function orientationIn(exif: Chunk | undefined): Orientation {
  if (!exif) return 1;
  const prefixed = exif.data.toString('latin1', 0, 6) === 'Exif\0\0';
  return exifOrientation(prefixed ? exif.data.subarray(6) : exif.data);
}

const damaged = () => new ImageRefused('image.damaged');
