import {
  BufferSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MP4,
} from 'mediabunny';
import { FilmDecoder, type FilmFrame } from './film-decoder.js';
import { FilmRefused } from './film-refused.js';

/** What is worked on at most. */
export interface FilmLimits {
  readonly seconds: number;
  /** Of the longer side, in pixels. */
  readonly side: number;
  /** Pictures a second, over the whole film. */
  readonly fps: number;
}

/** What a film is, by its own bytes. */
export interface FilmFacts {
  /** Even: an odd column or row at the end is left away. */
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly frames: number;
  /** Its pictures a second, rounded; at least 1. */
  readonly fps: number;
}

// It would tell of broken files on the console, past our log.
Logging.level = LogLevel.Silent;

/** `profile_idc` of H.264's baseline profile, the only one that the decoder knows. */
const BASELINE = 66;
const LEAST_SIDE = 64;

/** A film whose frames can be walked through, once. */
export class OpenFilm {
  constructor(
    readonly facts: FilmFacts,
    private readonly track: InputVideoTrack,
    private readonly record: Buffer,
  ) {}

  /**
   * Every frame with the second at which it is first seen, as they come in the file.
   *
   * @throws FilmRefused `film.damaged`, `film.too_large`
   */
  async *frames(): AsyncGenerator<{ readonly frame: FilmFrame; readonly atSeconds: number }> {
    const decoder = await FilmDecoder.open(this.record);
    try {
      for await (const { data, timestamp } of new EncodedPacketSink(this.track).packets()) {
        const packet = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        const frame = decoder.decode(packet);
        const { width, height } = this.facts;
        if (frame.width < width || frame.height < height) {
          throw new FilmRefused('film.damaged', 'a frame of the video is of another size');
        }
        yield { frame, atSeconds: timestamp };
      }
    } finally {
      decoder.release();
    }
  }
}

/**
 * Reads a film's index to its last frame; decodes nothing.
 *
 * @throws FilmRefused
 */
export async function openFilm(bytes: Buffer, limits: FilmLimits): Promise<OpenFilm> {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') throw notSupported('it is no MP4');
  try {
    return await opened(bytes, limits);
  } catch (error) {
    if (error instanceof FilmRefused) throw error;
    // The reader reports broken files in words of its own.
    throw new FilmRefused('film.damaged', 'the video is damaged or cut off; send it whole');
  }
}

async function opened(bytes: Buffer, limits: FilmLimits): Promise<OpenFilm> {
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4] });
  const tracks = await input.getTracks();
  const [track, ...others] = tracks.filter((one) => one.isVideoTrack());
  if (track === undefined) throw notSupported('there is no video in it, or it was cut off');
  if (others.length > 0) throw notSupported('there are several videos in it');
  if ((await track.getCodec()) !== 'avc') throw notSupported('it is coded in another way');
  const config = await track.getDecoderConfig();
  const description = config?.description as Uint8Array | ArrayBuffer | undefined;
  if (description === undefined) throw notSupported('it says nothing of its coding');
  const record = bufferOf(description);
  if (record[1] !== BASELINE) throw notSupported('it is coded in another profile of H.264');
  if ((await track.getRotation()) !== 0)
    throw notSupported('it is to be turned before it is shown');
  const size = await sizeOf(track, limits);
  return new OpenFilm({ ...size, ...(await lengthOf(track, limits)) }, track, record);
}

const bufferOf = (bytes: Uint8Array | ArrayBuffer): Buffer =>
  bytes instanceof ArrayBuffer
    ? Buffer.from(bytes)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const notSupported = (why: string): FilmRefused =>
  new FilmRefused(
    'film.not_supported',
    `${why}; give an MP4 with one video in H.264, baseline profile, upright`,
  );

async function sizeOf(track: InputVideoTrack, { side }: FilmLimits) {
  const [codedWidth, codedHeight] = [await track.getCodedWidth(), await track.getCodedHeight()];
  const [shownWidth, shownHeight] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  if (codedWidth !== shownWidth || codedHeight !== shownHeight) {
    throw notSupported('its pixels are not square');
  }
  if (Math.min(codedWidth, codedHeight) < LEAST_SIDE) {
    throw notSupported(`it is smaller than ${LEAST_SIDE} x ${LEAST_SIDE} pixels`);
  }
  if (Math.max(codedWidth, codedHeight) > side) {
    const size = `${codedWidth} x ${codedHeight}`;
    throw new FilmRefused(
      'film.too_large',
      `the video has ${size} pixels; give one of at most ${side} pixels a side`,
    );
  }
  return { width: codedWidth - (codedWidth % 2), height: codedHeight - (codedHeight % 2) };
}

async function lengthOf(track: InputVideoTrack, limits: FilmLimits) {
  const seconds = await track.computeDuration();
  const tooLong = () =>
    new FilmRefused(
      'film.too_long',
      `the video lasts longer than ${limits.seconds} seconds; give a shorter one, or a part of it`,
    );
  if (seconds > limits.seconds) throw tooLong();
  const mostFrames = Math.ceil(limits.fps * limits.seconds);
  let [frames, last] = [0, -Infinity];
  for await (const { timestamp, byteLength } of new EncodedPacketSink(track).packets(
    undefined,
    undefined,
    { metadataOnly: true },
  )) {
    if (byteLength === 0 || timestamp < last) throw new Error('a frame is missing or out of order');
    last = timestamp;
    if (++frames > mostFrames) {
      throw new FilmRefused(
        'film.too_large',
        `the video has more than ${mostFrames} frames; give one of fewer`,
      );
    }
  }
  if (frames === 0 || !(seconds > 0)) throw new Error('there is no frame');
  return { seconds, frames, fps: Math.max(1, Math.round(frames / seconds)) };
}
