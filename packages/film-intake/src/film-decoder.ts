import { createRequire } from 'node:module';
import { FilmRefused } from './film-refused.js';

interface Module {
  readonly HEAPU8: Uint8Array;
}
interface Decoder {
  decode(unit: Uint8Array): void;
  release(): void;
}
type OnPicture = (yuv: Uint8Array, width: number, height: number) => void;

/** A decoded frame in I420, BT.709 or BT.601 in 16..235; whole blocks of 16 x 16 pixels. */
export interface FilmFrame {
  readonly yuv: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The decoder keeps room for so many bytes of one unit, and does not look whether they fit. */
const MOST_UNIT = 1024 * 1024 - 4;
const START_CODE = Buffer.from([0, 0, 0, 1]);

/** Decodes H.264 of the baseline profile (tinyh264, WASM); only `release` frees what it holds. */
export class FilmDecoder {
  private constructor(
    private readonly decoder: Decoder,
    private readonly frames: FilmFrame[],
  ) {}

  /** @param record an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3) */
  static async open(record: Buffer): Promise<FilmDecoder> {
    const { default: TinyH264Decoder } = require('tinyh264/lib/TinyH264Decoder.js') as {
      default: new (module: Module, onPicture: OnPicture) => Decoder;
    };
    loaded ??= load();
    const frames: FilmFrame[] = [];
    const take: OnPicture = (yuv, width, height) => frames.push({ yuv, width, height });
    const film = new FilmDecoder(new TinyH264Decoder(await loaded, take), frames);
    try {
      for (const unit of parametersIn(record)) film.feed(unit);
    } catch (error) {
      film.release();
      throw error;
    }
    return film;
  }

  /**
   * The next frame, in the order of the file.
   *
   * @param packet its units, each behind its length in four bytes
   * @throws FilmRefused `film.damaged` where it does not decode to one frame, `film.too_large`
   */
  decode(packet: Buffer): FilmFrame {
    this.frames.length = 0;
    for (const unit of unitsIn(packet)) this.feed(unit);
    const [frame, ...others] = this.frames;
    if (frame === undefined || others.length > 0) throw damaged();
    return frame;
  }

  release(): void {
    this.decoder.release();
  }

  private feed(unit: Buffer): void {
    if (unit.length > MOST_UNIT) {
      throw new FilmRefused('film.too_large', 'a frame of the video has more than a megabyte');
    }
    this.decoder.decode(Buffer.concat([START_CODE, unit]));
  }
}

const damaged = () => new FilmRefused('film.damaged', 'a frame of the video cannot be decoded');

/** The parameter sets; whatever is cut off is damaged. */
function parametersIn(record: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = at < record.length ? record.readUInt8(at) & mask : 0;
    at += 1;
    for (let i = 0; i < count; i++) {
      if (at + 2 > record.length) throw damaged();
      const size = record.readUInt16BE(at);
      if (at + 2 + size > record.length) throw damaged();
      found.push(record.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
  }
  return found;
}

function unitsIn(packet: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < packet.length;) {
    if (at + 4 > packet.length) throw damaged();
    const size = packet.readUInt32BE(at);
    if (size > packet.length - at - 4) throw damaged();
    found.push(packet.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return found;
}

const require = createRequire(import.meta.url);
let loaded: Promise<Module> | undefined;

// Written for web workers, it asks `self` where it lies, although it carries all that it needs.
function load(): Promise<Module> {
  const { default: TinyH264 } = require('tinyh264/lib/TinyH264.js') as {
    default: () => Promise<Module>;
  };
  const had = Object.getOwnPropertyDescriptor(globalThis, 'self');
  const here = { value: { location: { href: '' } }, configurable: true };
  Object.defineProperty(globalThis, 'self', here);
  try {
    return TinyH264();
  } finally {
    if (had) Object.defineProperty(globalThis, 'self', had);
    else Reflect.deleteProperty(globalThis, 'self');
  }
}
