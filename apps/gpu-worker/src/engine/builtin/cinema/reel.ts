import { createRequire } from 'node:module';
import type { H264MP4Encoder, createH264MP4Encoder as Create } from 'h264-mp4-encoder';
import {
  BufferSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';

// The package is one CommonJS file without named exports that Node could see.
const { createH264MP4Encoder } = createRequire(import.meta.url)('h264-mp4-encoder') as {
  createH264MP4Encoder: typeof Create;
};

export interface ReelPlan {
  /** Both even. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** 10 is the best, 51 the worst; paint has fine grain that coarser steps would smear. */
const QUANTIZATION = 27;
/** 0 is the most thorough, 10 the quickest. */
const SPEED = 6;

let reels = 0;

/** Takes frames in and gives an MP4 (H.264, baseline) out; frames are encoded as they come. */
export class Reel {
  readonly #file = `reel-${String(++reels)}.mp4`;

  private constructor(private readonly encoder: H264MP4Encoder) {}

  static async open({ width, height, fps }: ReelPlan): Promise<Reel> {
    const encoder = await createH264MP4Encoder();
    const reel = new Reel(encoder);
    encoder.outputFilename = reel.#file;
    encoder.width = width;
    encoder.height = height;
    encoder.frameRate = fps;
    encoder.speed = SPEED;
    encoder.quantizationParameter = QUANTIZATION;
    // A picture of its own each second, so that players can seek.
    encoder.groupOfPictures = fps;
    encoder.initialize();
    return reel;
  }

  /** @param yuv I420, BT.709 in 16..235 */
  add(yuv: Uint8ClampedArray): void {
    this.encoder.addFrameYuv(yuv);
  }

  /** Ends the film, whether or not anybody wants it, and frees what the encoder held. */
  close(): Uint8Array {
    this.encoder.finalize();
    const bytes = this.encoder.FS.readFile(this.#file).slice();
    this.encoder.FS.unlink(this.#file);
    this.encoder.delete();
    return bytes;
  }
}

/** Of the colours that `LumaFrame` writes. */
const BT709 = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;

/** The same film with its index in front, so that players can begin before all of it has come. */
export async function fastStart(mp4: Uint8Array, fps: number): Promise<Uint8Array> {
  const input = new Input({ source: new BufferSource(mp4), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('the encoder made no film');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const source = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  const decoderConfig = { ...config, colorSpace: BT709 };
  // The encoder's file calls every frame a key frame, to which players could not seek.
  const verified = { verifyKeyPackets: true };
  const sink = new EncodedPacketSink(track);
  for await (const packet of sink.packets(undefined, undefined, verified)) {
    await source.add(packet, { decoderConfig });
  }
  await output.finalize();
  if (!target.buffer) throw new Error('the film was not written');
  return new Uint8Array(target.buffer);
}
