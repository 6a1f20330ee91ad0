import { opened, type Video } from './values.js';

/** Ticks a second of the clock inside the file; fine enough for every whole number of frames. */
const TIMESCALE = 60_000;

const u32 = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => buffer.writeUInt32BE(value, at * 4));
  return buffer;
};
const u16 = (...values: number[]): Buffer => {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, at) => buffer.writeUInt16BE(value, at * 2));
  return buffer;
};

/** A box of ISO/IEC 14496-12: its length, its four letters, what is in it. */
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
};

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * A real MP4 (ISO/IEC 14496-12) whose frames are JPEGs: every frame is there, and no encoder of videos
 * is needed. ComfyUI writes H.264, and its graph into the metadata: that is here too, as `note`.
 */
export async function encodeMp4({ pictures, fps }: Video, note: string): Promise<Buffer> {
  const frames: Buffer[] = [];
  for (let frame = 0; frame < pictures.frames; frame += 1) {
    frames.push(
      await opened(await pictures.draw(frame))
        .jpeg({ quality: 70 })
        .toBuffer(),
    );
  }
  const type = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2mp41'));
  const size = { width: pictures.width, height: pictures.height };
  const shape = { ...size, frames, ticks: Math.round(TIMESCALE / fps), note };
  // The offset of the first frame depends on how long the index is, not on what it says.
  const start = type.length + index({ ...shape, start: 0 }).length + 8;
  return Buffer.concat([type, index({ ...shape, start }), box('mdat', ...frames)]);
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Buffer[];
  readonly ticks: number;
  readonly start: number;
  readonly note: string;
}

function index(shape: Shape): Buffer {
  const duration = shape.frames.length * shape.ticks;
  const movie = Buffer.concat([
    u32(0, 0, 0, TIMESCALE, duration, 0x10000),
    u16(0x0100, 0),
    u32(0, 0),
    MATRIX,
    Buffer.alloc(24),
    u32(2),
  ]);
  const track = Buffer.concat([
    u32(3, 0, 0, 1, 0, duration, 0, 0),
    u16(0, 0, 0, 0),
    MATRIX,
    u32(shape.width * 0x10000, shape.height * 0x10000),
  ]);
  const media = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, TIMESCALE, duration), u16(0x55c4, 0)),
    box('hdlr', u32(0, 0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('frames\0')),
    box(
      'minf',
      box('vmhd', u32(1), u16(0, 0, 0, 0)),
      box('dinf', box('dref', u32(0, 1), box('url ', u32(1)))),
      samples(shape),
    ),
  );
  const metadata = box('udta', box('\u00a9cmt', Buffer.from(shape.note)));
  return box('moov', box('mvhd', movie), box('trak', box('tkhd', track), media), metadata);
}

function samples({ width, height, frames, ticks, start }: Shape): Buffer {
  const entry = box(
    'jpeg',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
  );
  return box(
    'stbl',
    box('stsd', u32(0, 1), entry),
    box('stts', u32(0, 1, frames.length, ticks)),
    box('stsc', u32(0, 1, 1, frames.length, 1)),
    box('stsz', u32(0, 0, frames.length), u32(...frames.map(({ length }) => length))),
    box('stco', u32(0, 1, start)),
  );
}
