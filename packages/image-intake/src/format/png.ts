import { crc32, inflateSync } from 'node:zlib';
import { ImageRefused, type Size } from '../refusals.js';
import { type Essence, maxProfileBytes, needsAllRows, type Orientation } from './essence.js';
import { exifOrientation } from './exif-orientation.js';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** Writers cut a picture into pieces of 8 KB or more; a file of tiny ones only costs time. */
const maxChunks = 20_000;

export const isPng = (bytes: Buffer): boolean =>
  bytes.subarray(0, signature.length).equals(signature);

/** @throws {ImageRefused} `image.damaged` */
export function pngSize(bytes: Buffer): Size {
  if (bytes.length < 33 || bytes.toString('latin1', 8, 16) !== '\0\0\0\rIHDR') throw damaged();
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (size.width === 0 || size.height === 0) throw damaged();
  return size;
}

/**
 * Keeps the chunks that pixels are made of; text, times, densities and all behind IEND stay behind.
 * @throws {ImageRefused} `image.damaged`, `image.animated`, `image.not_supported`, `image.too_complex`
 */
export function essentialPng(bytes: Buffer): Essence {
  const kept: Buffer[] = [signature];
  let orientation: Orientation = 1;
  for (const { type, data, whole } of chunksOf(bytes)) {
    if (type === 'acTL') throw new ImageRefused('image.animated');
    if (type === 'eXIf') orientation = exifOrientation(data);
    if (isNeeded(type, data)) kept.push(whole);
  }
  return {
    bytes: Buffer.concat(kept),
    size: pngSize(bytes),
    orientation,
    encoding: 'png',
    heldBytes: bytes[28] === 1 || needsAllRows(orientation) ? decodedBytes(bytes) : 0,
  };
}

/** For an interlaced picture too, which is complete only when its last pass has been read. */
function decodedBytes(bytes: Buffer): number {
  const { width, height } = pngSize(bytes);
  const channels = bytes[25] === 4 ? 2 : bytes[25] === 6 ? 4 : bytes[25] === 0 ? 1 : 3;
  return width * height * channels * (bytes[24] === 16 ? 2 : 1);
}

type Chunk = Readonly<{ type: string; data: Buffer; whole: Buffer }>;

/** Every chunk up to IEND, its place, length and checksum proven. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  let at = signature.length;
  for (let count = 0; count < maxChunks; count += 1) {
    if (at + 12 > bytes.length) throw damaged();
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw damaged();
    const type = bytes.toString('latin1', at + 4, at + 8);
    if ((type === 'IHDR') !== (at === signature.length)) throw damaged();
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw damaged();
    yield { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    if (type === 'IEND') return;
    at = end;
  }
  throw new ImageRefused('image.too_complex');
}

function isNeeded(type: string, data: Buffer): boolean {
  if (type === 'iCCP') return isUsableProfile(data);
  if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) return true;
  // A capital first letter says that the picture cannot be drawn without the chunk.
  if (!/^[a-z][A-Za-z]{3}$/.test(type)) throw new ImageRefused('image.not_supported');
  return false;
}

/** The profile is compressed: unpacked under a limit here, before a library unpacks it without. */
function isUsableProfile(data: Buffer): boolean {
  const nameEnd = data.indexOf(0);
  if (nameEnd < 1 || nameEnd > 79 || data[nameEnd + 1] !== 0) return false;
  try {
    inflateSync(data.subarray(nameEnd + 2), { maxOutputLength: maxProfileBytes });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return false;
    throw new ImageRefused('image.too_complex');
  }
}

const damaged = () => new ImageRefused('image.damaged');
