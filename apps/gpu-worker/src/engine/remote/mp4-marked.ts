import { EngineError } from '../engine.js';

/** The UUID by which XMP is found in an MP4 (XMP specification, part 3). */
const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const HEADER = 8;

interface Box {
  readonly type: string;
  /** Of the whole box, header included. */
  readonly start: number;
  readonly end: number;
  readonly body: number;
}

export interface MarkedVideo {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** How long its pictures last, as their track says. */
  readonly seconds: number;
}

/**
 * An MP4 with the mark of its making, and without what its engine wrote into it (ComfyUI: the whole graph). The
 * metadata is blanked in place and the mark comes last, so that no offset into the frames changes.
 *
 * @throws EngineError `engine.output_unreadable`
 */
export function markedMp4(file: Uint8Array, xmp: string): MarkedVideo {
  const bytes = Buffer.from(file);
  const all = boxesIn(bytes, 0, bytes.length);
  const movie = all.find(({ type }) => type === 'moov');
  if (all[0]?.type !== 'ftyp' || !movie) throw unreadable('it is no MP4');
  blankMetadata(bytes, [...all, ...boxesIn(bytes, movie.body, movie.end)]);
  const tracks = boxesIn(bytes, movie.body, movie.end).filter(({ type }) => type === 'trak');
  for (const track of tracks) blankMetadata(bytes, boxesIn(bytes, track.body, track.end));
  const shown = tracks.find((track) => sizeIn(bytes, track).width > 0);
  if (!shown) throw unreadable('it has no pictures');
  const seconds = secondsIn(bytes, shown);
  if (!(seconds > 0)) throw unreadable('it does not say how long it is');
  const body = Buffer.from(xmp, 'utf8');
  const head = Buffer.alloc(HEADER);
  head.writeUInt32BE(HEADER + XMP_UUID.length + body.length);
  head.write('uuid', 4, 'latin1');
  return {
    bytes: Buffer.concat([bytes, head, XMP_UUID, body]),
    ...sizeIn(bytes, shown),
    seconds,
  };
}

function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let start = from; start + HEADER <= to;) {
    const short = bytes.readUInt32BE(start);
    const long = short === 1 && start + 16 <= to;
    // A size of 0 means "up to the end": the mark behind it would be a part of that box.
    const length = long ? Number(bytes.readBigUInt64BE(start + 8)) : short;
    const end = start + length;
    if (length < HEADER || end > to) throw unreadable('its boxes do not fit');
    const type = bytes.toString('latin1', start + 4, start + 8);
    found.push({ type, start, end, body: start + (long ? 16 : HEADER) });
    start = end;
  }
  return found;
}

/** `free` boxes are passed over by every player. */
function blankMetadata(bytes: Buffer, boxes: readonly Box[]): void {
  for (const { type, start, end, body } of boxes) {
    if (type !== 'udta' && type !== 'meta' && type !== 'uuid') continue;
    bytes.write('free', start + 4, 'latin1');
    bytes.fill(0, body, end);
  }
}

/** The size that a track is shown in: the last two numbers of its header, 16.16 fixed point. */
function sizeIn(bytes: Buffer, track: Box): { width: number; height: number } {
  const header = boxesIn(bytes, track.body, track.end).find(({ type }) => type === 'tkhd');
  if (!header || header.end - header.body < HEADER) return { width: 0, height: 0 };
  const at = header.end - HEADER;
  return { width: bytes.readUInt32BE(at) >>> 16, height: bytes.readUInt32BE(at + 4) >>> 16 };
}

/**
 * How long a track's own frames last: its media header's duration, in the clock that it names before;
 * both are wider in version 1. The movie's header would be rounded, and follows edits of the list.
 */
function secondsIn(bytes: Buffer, track: Box): number {
  const media = boxesIn(bytes, track.body, track.end).find(({ type }) => type === 'mdia');
  const header = media && boxesIn(bytes, media.body, media.end).find(({ type }) => type === 'mdhd');
  if (!header || header.end - header.body < 20) return 0;
  const isWide = bytes.readUInt8(header.body) === 1;
  if (isWide && header.end - header.body < 32) return 0;
  const at = header.body + (isWide ? 20 : 12);
  const ticks = isWide ? Number(bytes.readBigUInt64BE(at + 4)) : bytes.readUInt32BE(at + 4);
  return ticks / Math.max(1, bytes.readUInt32BE(at));
}

const unreadable = (why: string): EngineError =>
  new EngineError(
    'engine.output_unreadable',
    `The video that the engine made cannot be read: ${why}.`,
  );
