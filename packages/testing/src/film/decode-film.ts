import { H264Decoder } from '@safelight/film';
import { BufferSource, EncodedPacketSink, Input, MP4 } from 'mediabunny';

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
  const decoder = await H264Decoder.open(record);
  for await (const { data } of new EncodedPacketSink(track).packets()) {
    const { yuv, width: across } = decoder.decode(data);
    frames.push(cropped(yuv, across, width, height));
  }
  decoder.release();
  return { width, height, seconds: await track.computeDuration(), frames };
}

// Decoders give whole blocks of 16 × 16 pixels.
function cropped(yuv: Uint8Array, across: number, width: number, height: number): Uint8Array {
  const light = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    light.set(yuv.subarray(y * across, y * across + width), y * width);
  }
  return light;
}
