import { ImageRefused, type Size } from '../refusals.js';
import { type Essence, maxProfileBytes, needsAllRows, type Orientation } from './essence.js';
import { exifOrientation } from './exif-orientation.js';

/** Segments, counted so that a file of thousands of empty ones costs nothing. */
const maxSegments = 2_000;
/** Progressive pictures have about ten; each costs a pass over every block of the picture. */
const maxScans = 100;

const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app1: 0xe1, app2: 0xe2 } as const;
/** Baseline, extended and progressive Huffman coding: what cameras and programs write. */
const frames: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Lossless, hierarchical and arithmetic coding, and heights that come late. */
const rarities: readonly number[] = [
  0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xdc, 0xde, 0xdf,
];
/** Huffman tables, quantisation tables, restart interval, and Adobe's word on the colour space. */
const tables: readonly number[] = [0xc4, 0xdb, 0xdd, 0xee];

export const isJpeg = (bytes: Buffer): boolean =>
  bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff;

/** The size in the frame header. @throws {ImageRefused} `image.damaged`, `image.not_supported` */
export function jpegSize(bytes: Buffer): Size {
  for (const { code, data } of segmentsOf(bytes, 'to the first scan')) {
    if (rarities.includes(code)) throw new ImageRefused('image.not_supported');
    if (frames.includes(code)) return frameOf(code, data).size;
  }
  throw damaged();
}

/**
 * Keeps the frame, its tables and scans, and its colour profile; thumbnails, EXIF, XMP, comments and
 * all behind the end of the image stay behind.
 *
 * @throws {ImageRefused} `image.damaged`, `image.not_supported`, `image.too_complex`
 */
export function essentialJpeg(bytes: Buffer): Essence {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  const seen = { scans: 0, profileBytes: 0 };
  let frame: Frame | undefined;
  let orientation: Orientation | undefined;
  for (const segment of segmentsOf(bytes, 'to the end')) {
    if (frames.includes(segment.code)) {
      if (frame) throw damaged();
      frame = frameOf(segment.code, segment.data);
    }
    if (segment.code === marker.app1) orientation ??= orientationIn(segment.data);
    if (isNeeded(segment, seen)) kept.push(segment.whole);
  }
  if (!frame || seen.scans === 0) throw damaged();
  kept.push(Buffer.from([0xff, marker.eoi]));
  return {
    bytes: Buffer.concat(kept),
    size: frame.size,
    orientation: orientation ?? 1,
    encoding: frame.fullChroma ? 'jpeg-full-chroma' : 'jpeg',
    heldBytes: heldBytesOf(frame, seen.scans, orientation ?? 1),
  };
}

/** Where pixels come in several scans, all their coefficients are kept until the last. */
function heldBytesOf(frame: Frame, scans: number, orientation: Orientation): number {
  const coefficients = frame.progressive || scans > 1 ? frame.samples * coefficientBytes : 0;
  return coefficients + (needsAllRows(orientation) ? frame.pixelBytes : 0);
}

type Segment = Readonly<{ code: number; data: Buffer; whole: Buffer }>;
type Frame = Readonly<{
  size: Size;
  progressive: boolean;
  fullChroma: boolean;
  /** Of all components, each at its own resolution. */
  samples: number;
  pixelBytes: number;
}>;
const coefficientBytes = 2;

/** The segments from the start of the image on; a scan's coded data belongs to its segment. */
function* segmentsOf(
  bytes: Buffer,
  extent: 'to the first scan' | 'to the end',
): Generator<Segment> {
  let at = 2;
  for (let count = 0; count < maxSegments; count += 1) {
    if (bytes[at] !== 0xff) throw damaged();
    while (bytes[at + 1] === 0xff) at += 1;
    const code = bytes[at + 1];
    if (code === marker.eoi) return;
    if (code === undefined || code < 0xc0 || (code >= 0xd0 && code <= marker.soi)) throw damaged();
    if (code === marker.sos && extent === 'to the first scan') return;
    if (at + 4 > bytes.length) throw damaged();
    const dataEnd = at + 2 + bytes.readUInt16BE(at + 2);
    if (dataEnd < at + 4 || dataEnd > bytes.length) throw damaged();
    const end = code === marker.sos ? endOfScan(bytes, dataEnd) : dataEnd;
    yield { code, data: bytes.subarray(at + 4, dataEnd), whole: bytes.subarray(at, end) };
    at = end;
  }
  throw new ImageRefused('image.too_complex');
}

/** Where the next marker begins. Stuffed zeros, restarts and fill bytes belong to the scan. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at !== -1 && at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0;
    const isData = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!isData && next !== 0xff) return at;
    at = bytes.indexOf(0xff, isData ? at + 2 : at + 1);
  }
  throw damaged();
}

function frameOf(code: number, data: Buffer): Frame {
  const components = data[5] ?? 0;
  if (data.length < 6 + components * 3) throw damaged();
  // Twelve bits a sample are for scanners of X-rays.
  if (data[0] !== 8 || ![1, 3, 4].includes(components))
    throw new ImageRefused('image.not_supported');
  const size = { width: data.readUInt16BE(3), height: data.readUInt16BE(1) };
  if (size.width === 0 || size.height === 0) throw damaged();
  const sampling = Array.from({ length: components }, (_, index) => data[7 + index * 3] ?? 0);
  return {
    size,
    progressive: code === 0xc2,
    fullChroma: components === 3 && sampling[0] === 0x11,
    samples: samplesOf(size, sampling),
    pixelBytes: size.width * size.height * components,
  };
}

/** @param sampling a byte for each component: how often it is sampled across, and down */
function samplesOf({ width, height }: Size, sampling: readonly number[]): number {
  const across = sampling.map((byte) => byte >> 4);
  const down = sampling.map((byte) => byte & 15);
  const [mostAcross, mostDown] = [Math.max(...across), Math.max(...down)];
  // Libraries refuse other numbers too; zero would divide.
  if (![...across, ...down].every((times) => times >= 1 && times <= 4)) throw damaged();
  const shares = across.map(
    (times, index) => (times * (down[index] ?? 0)) / (mostAcross * mostDown),
  );
  return shares.reduce((sum, share) => sum + width * height * share, 0);
}

function isNeeded({ code, data }: Segment, seen: { scans: number; profileBytes: number }): boolean {
  if (rarities.includes(code)) throw new ImageRefused('image.not_supported');
  if (code === marker.sos) {
    seen.scans += 1;
    if (seen.scans > maxScans) throw new ImageRefused('image.too_complex');
    return true;
  }
  if (code === marker.app0) return data.toString('latin1', 0, 5) === 'JFIF\0';
  if (code === marker.app2) {
    if (data.toString('latin1', 0, 12) !== 'ICC_PROFILE\0') return false;
    seen.profileBytes += data.length;
    if (seen.profileBytes > maxProfileBytes) throw new ImageRefused('image.too_complex');
    return true;
  }
  return frames.includes(code) || tables.includes(code);
}

/** Undefined where the segment is not EXIF but, say, XMP. */
const orientationIn = (data: Buffer): Orientation | undefined =>
  data.toString('latin1', 0, 6) === 'Exif\0\0' ? exifOrientation(data.subarray(6)) : undefined;

const damaged = () => new ImageRefused('image.damaged');
