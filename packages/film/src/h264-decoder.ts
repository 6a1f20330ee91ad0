import { createRequire } from 'node:module';

interface Module {
  readonly HEAPU8: Uint8Array;
}
interface Decoder {
  decode(unit: Uint8Array): void;
  release(): void;
}
type OnPicture = (yuv: Uint8Array, width: number, height: number) => void;

/** A picture in I420, of whole blocks of 16 × 16 pixels: at the right and below more than is shown. */
export interface DecodedPicture {
  readonly yuv: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The decoder keeps room for so many bytes of one unit, and does not look whether they fit. */
const MOST_UNIT = 1024 * 1024 - 4;
const START_CODE = Buffer.from([0, 0, 0, 1]);

const require = createRequire(import.meta.url);

/** A unit is larger than the decoder has room for. */
export class UnitTooLarge extends Error {}

/**
 * Decodes H.264 of the baseline profile, the frames of one film in their order. It works on the
 * calling thread, and its memory is given back with the last decoder that was opened.
 */
export class H264Decoder {
  private readonly made: DecodedPicture[] = [];
  private readonly decoder: Decoder;

  private constructor(create: (onPicture: OnPicture) => Decoder) {
    this.decoder = create((yuv, width, height) => void this.made.push({ yuv, width, height }));
  }

  /**
   * @param record the film's AVCDecoderConfigurationRecord
   * @throws Error where that is broken
   */
  static async open(record: Uint8Array): Promise<H264Decoder> {
    const { default: TinyH264Decoder } = require('tinyh264/lib/TinyH264Decoder.js') as {
      default: new (module: Module, onPicture: OnPicture) => Decoder;
    };
    // One for each film: the memory of a module never shrinks.
    const module = await load();
    const opened = new H264Decoder((onPicture) => new TinyH264Decoder(module, onPicture));
    try {
      for (const unit of parametersIn(bufferOf(record))) opened.feed(unit);
    } catch (error) {
      opened.release();
      throw error;
    }
    return opened;
  }

  /**
   * @param frame its units, each behind its length in four bytes
   * @throws UnitTooLarge; Error where no picture comes of it, as of profiles that it does not know
   */
  decode(frame: Uint8Array): DecodedPicture {
    for (const unit of unitsIn(bufferOf(frame))) this.feed(unit);
    const [picture, ...others] = this.made.splice(0);
    if (picture === undefined) throw new Error('a frame cannot be decoded');
    // Which of several would be shown is for each player to say.
    if (others.length > 0) throw new Error('a frame is several pictures');
    return picture;
  }

  release(): void {
    this.decoder.release();
  }

  private feed(unit: Buffer): void {
    if (unit.length > MOST_UNIT) throw new UnitTooLarge('a unit is too large');
    this.decoder.decode(Buffer.concat([START_CODE, unit]));
  }
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The parameter sets of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3). */
function parametersIn(record: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = record.readUInt8(at++) & mask;
    for (let i = 0; i < count; i++) {
      const size = record.readUInt16BE(at);
      if (at + 2 + size > record.length) throw new Error('a parameter set is cut off');
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

// Written for web workers, it asks `self` where it lies, although it carries all that it needs.
function load(): Promise<Module> {
  const { default: TinyH264 } = require('tinyh264/lib/TinyH264.js') as {
    default: () => Promise<Module>;
  };
  const had = Object.getOwnPropertyDescriptor(globalThis, 'self');
  const place = { value: { location: { href: '' } }, configurable: true };
  Object.defineProperty(globalThis, 'self', place);
  try {
    return TinyH264();
  } finally {
    if (had) Object.defineProperty(globalThis, 'self', had);
    else Reflect.deleteProperty(globalThis, 'self');
  }
}
