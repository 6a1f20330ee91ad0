import { createRequire } from 'node:module';
import { BufferSource, EncodedPacketSink, Input, MP4 } from 'mediabunny';

const require = createRequire(import.meta.url);

interface Decoder {
  decode(nal: Uint8Array): void;
  release(): void;
}

/** A film as somebody else's decoder sees it. */
export interface DecodedFilm {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** The lightness of each frame, one byte 16..235 per pixel. */
  readonly frames: readonly Uint8Array[];
}

/** Decodes all of an MP4 (H.264, baseline profile). @throws Error if it is none */
export async function decodeFilm(mp4: Uint8Array): Promise<DecodedFilm> {
  const input = new Input({ source: new BufferSource(mp4), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const record = (await track?.getDecoderConfig())?.description as Uint8Array | undefined;
  if (!track || !record) throw new Error('there is no video track');
  const [width, height] = [await track.getCodedWidth(), await track.getCodedHeight()];
  const frames: Uint8Array[] = [];
  const decoder = await newDecoder((yuv, across) =>
    frames.push(cropped(yuv, across, width, height)),
  );
  for (const unit of parametersIn(Buffer.from(record))) feed(decoder, unit);
  for await (const { data } of new EncodedPacketSink(track).packets()) {
    const frame = Buffer.from(data);
    for (let at = 0; at < frame.length;) {
      const size = frame.readUInt32BE(at);
      feed(decoder, frame.subarray(at + 4, at + 4 + size));
      at += 4 + size;
    }
  }
  decoder.release();
  return { width, height, seconds: await track.computeDuration(), frames };
}

const feed = (decoder: Decoder, unit: Uint8Array): void =>
  decoder.decode(Buffer.concat([Buffer.from([0, 0, 0, 1]), unit]));

// Decoders give whole blocks of 16 × 16 pixels.
function cropped(yuv: Uint8Array, across: number, width: number, height: number): Uint8Array {
  const light = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    light.set(yuv.subarray(y * across, y * across + width), y * width);
  }
  return light;
}

function parametersIn(record: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    for (let left = record.readUInt8(at++) & mask; left > 0; left--) {
      const size = record.readUInt16BE(at);
      found.push(record.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
  }
  return found;
}

// The decoder was written for web workers: it asks `self` where it lies.
async function newDecoder(onPicture: (yuv: Uint8Array, across: number) => void): Promise<Decoder> {
  const { default: TinyH264 } = require('tinyh264/lib/TinyH264.js') as {
    default: () => Promise<object>;
  };
  const { default: TinyH264Decoder } = require('tinyh264/lib/TinyH264Decoder.js') as {
    default: new (module: object, onPicture: (yuv: Uint8Array, across: number) => void) => Decoder;
  };
  const place = { value: { location: { href: '' } }, configurable: true };
  Object.defineProperty(globalThis, 'self', place);
  const module = TinyH264();
  Reflect.deleteProperty(globalThis, 'self');
  return new TinyH264Decoder(await module, onPicture);
}
