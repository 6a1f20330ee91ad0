import { createRequire } from 'node:module';
import sharp from 'sharp';
import type { Film } from './film.js';

interface Module {
  readonly HEAPU8: Uint8Array;
}
interface Decoder {
  decode(nal: Uint8Array): void;
  release(): void;
}
type OnPicture = (yuv: Uint8Array, width: number, height: number) => void;

/** The decoder keeps room for so many bytes of one unit, and does not look whether they fit. */
const MOST_UNIT = 1024 * 1024 - 4;
const START_CODE = Buffer.from([0, 0, 0, 1]);
const MACROBLOCK = 16;

/**
 * A video's key frames as PNG, for classifiers to look at.
 *
 * @throws Error where they cannot be decoded (the decoder knows H.264's baseline profile): then
 *   nobody has looked, and nothing may pass
 */
export async function stillsOf({ track, keyFrames, width, height }: Film): Promise<Buffer[]> {
  const config = await track.getDecoderConfig();
  if (!config?.description) throw new Error('the video says nothing of its coding');
  const { buffer, byteOffset, byteLength } = config.description as Uint8Array;
  const parameters = parametersIn(Buffer.from(buffer, byteOffset, byteLength));
  const pictures: { yuv: Uint8Array; across: number; down: number }[] = [];
  const decoder = await newDecoder((yuv, across, down) => pictures.push({ yuv, across, down }));
  try {
    for (const unit of parameters) feed(decoder, unit);
    for (const { data } of keyFrames) {
      for (const unit of unitsIn(Buffer.from(data.buffer, data.byteOffset, data.byteLength))) {
        feed(decoder, unit);
      }
    }
  } finally {
    decoder.release();
  }
  if (pictures.length !== keyFrames.length) throw new Error('a key frame cannot be decoded');
  return Promise.all(
    pictures.map(async ({ yuv, across, down }) => {
      const whole = (side: number): number => Math.ceil(side / MACROBLOCK) * MACROBLOCK;
      if (across !== whole(width) || down !== whole(height))
        throw new Error('a frame of another size');
      const raw = { width: across, height: down, channels: 3 } as const;
      return sharp(rgbOf(yuv, across, down), { raw })
        .extract({ left: 0, top: 0, width, height })
        .png({ compressionLevel: 1 })
        .toBuffer();
    }),
  );
}

// I420 in BT.709, 16..235. A film may be coded in BT.601: the colours are then a little off, and no
// classifier minds.
function rgbOf(yuv: Uint8Array, width: number, height: number): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(width * height * 3);
  const chroma = width * height;
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const c = chroma + (y >> 1) * (width >> 1) + (x >> 1);
      const light = 1.164 * ((yuv[at] ?? 0) - 16);
      const u = (yuv[c] ?? 0) - 128;
      const v = (yuv[c + chroma / 4] ?? 0) - 128;
      rgb[at * 3] = light + 1.793 * v;
      rgb[at * 3 + 1] = light - 0.213 * u - 0.533 * v;
      rgb[at * 3 + 2] = light + 2.112 * u;
    }
  }
  return rgb;
}

function feed(decoder: Decoder, unit: Buffer): void {
  if (unit.length > MOST_UNIT) throw new Error('a unit is too large');
  decoder.decode(Buffer.concat([START_CODE, unit]));
}

/** The parameter sets of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3). */
function parametersIn(record: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = record.readUInt8(at++) & mask;
    for (let i = 0; i < count; i++) {
      const size = record.readUInt16BE(at);
      found.push(record.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
  }
  return found;
}

/** The units of a frame, each behind its length. */
function unitsIn(frame: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < frame.length;) {
    const size = frame.readUInt32BE(at);
    if (size > frame.length - at - 4) throw new Error('a unit is cut off');
    found.push(frame.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return found;
}

const require = createRequire(import.meta.url);
let loaded: Promise<Module> | undefined;

async function newDecoder(onPicture: OnPicture): Promise<Decoder> {
  const { default: TinyH264Decoder } = require('tinyh264/lib/TinyH264Decoder.js') as {
    default: new (module: Module, onPicture: OnPicture) => Decoder;
  };
  loaded ??= load();
  return new TinyH264Decoder(await loaded, onPicture);
}

// Written for web workers, it asks `self` where it lies, although it carries all that it needs.
async function load(): Promise<Module> {
  const { default: TinyH264 } = require('tinyh264/lib/TinyH264.js') as {
    default: () => Promise<Module>;
  };
  const had = Object.getOwnPropertyDescriptor(globalThis, 'self');
  Object.defineProperty(globalThis, 'self', {
    value: { location: { href: '' } },
    configurable: true,
  });
  const module = TinyH264();
  if (had) Object.defineProperty(globalThis, 'self', had);
  else Reflect.deleteProperty(globalThis, 'self');
  return module;
}
