import { H264Decoder, type DecodedPicture } from '@safelight/film';
import { BufferSource, type EncodedPacket, EncodedPacketSink, Input, MP4 } from 'mediabunny';
import sharp from 'sharp';

/** What is shown at every such moment is looked at, and the last frame. Seconds. */
const LOOK_EVERY = 0.5;
const MACROBLOCK = 16;

/**
 * A film's stills as PNG, decoded from its first frame on: each frame that is shown at a multiple of
 * half a second, and the last. A frame between those that is shown for less is not seen.
 *
 * @throws Error where a frame cannot be decoded (the decoder knows H.264's baseline profile)
 */
export async function* decodedStills(mp4: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array> {
  const input = new Input({ source: new BufferSource(mp4), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  const record = (await track?.getDecoderConfig())?.description as Uint8Array | undefined;
  if (!track || !record) throw new Error('the video says nothing of its coding');
  const [width, height] = [await track.getCodedWidth(), await track.getCodedHeight()];
  const decoder = await H264Decoder.open(record);
  let unseen: DecodedPicture | undefined;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    unseen = decoder.decode(packet.data);
    if (!isLookedAt(packet)) continue;
    yield await pngOf(unseen, width, height);
    unseen = undefined;
  }
  if (unseen !== undefined) yield await pngOf(unseen, width, height);
}

const isLookedAt = ({ timestamp, duration }: EncodedPacket): boolean =>
  Math.ceil(timestamp / LOOK_EVERY) * LOOK_EVERY < timestamp + duration;

function pngOf(picture: DecodedPicture, width: number, height: number): Promise<Uint8Array> {
  const { yuv, width: across, height: down } = picture;
  const whole = (side: number): number => Math.ceil(side / MACROBLOCK) * MACROBLOCK;
  if (across !== whole(width) || down !== whole(height)) throw new Error('a frame of another size');
  const raw = { width: across, height: down, channels: 3 } as const;
  return sharp(rgbOf(yuv, across, down), { raw })
    .extract({ left: 0, top: 0, width, height })
    .png({ compressionLevel: 1 })
    .toBuffer();
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
