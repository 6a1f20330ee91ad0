import { type Box, boxesIn, xmpIn } from '@safelight/film';
import {
  BufferSource,
  EncodedPacketSink,
  Input,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MP4,
} from 'mediabunny';

/** What the bytes of a video say by themselves. */
export interface Film {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Its XMP: where the mark has to stand. */
  readonly xmp: readonly Buffer[];
}

// It would tell of broken files on the console, past our log; that a file is refused stands there.
Logging.level = LogLevel.Silent;

/** Beyond this a file is a bomb, or no film of ours. */
const MOST_PIXELS = 4096 * 4096;
const MOST_SECONDS = 60;
const MOST_FRAMES = 60 * MOST_SECONDS;

/** What a file of ours is made of; anything else could hide something. */
const KNOWN = new Set(['ftyp', 'moov', 'mdat', 'free', 'uuid']);

export const looksLikeMp4 = (bytes: Buffer): boolean => bytes.toString('latin1', 4, 8) === 'ftyp';

/**
 * Reads an MP4 to its last frame; `undefined` for one that is broken or odd: boxes that do not fit
 * or are unknown, anything beside one track of H.264, frames that are missing, out of order or
 * outside the file, or sizes beyond all bounds.
 */
export async function readFilm(bytes: Buffer): Promise<Film | undefined> {
  const boxes = boxesIn(bytes);
  if (!boxes || !isOneTrack(bytes, boxes)) return undefined;
  const input = new Input({ source: new BufferSource(bytes), formats: [MP4] });
  try {
    const [track, ...others] = await input.getTracks();
    if (!track?.isVideoTrack() || others.length > 0) return undefined;
    if ((await track.getCodec()) !== 'avc') return undefined;
    const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
    if ((await track.getCodedWidth()) !== width) return undefined;
    if ((await track.getCodedHeight()) !== height) return undefined;
    if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) return undefined;
    const seconds = await track.computeDuration();
    if (!(await isWhole(track, seconds))) return undefined;
    return { width, height, seconds, xmp: xmpIn(bytes, boxes) };
  } catch {
    // The reader reports broken files in words alone; either way this is not our film.
    return undefined;
  }
}

function isOneTrack(bytes: Buffer, boxes: readonly Box[]): boolean {
  const count = (type: string): number => boxes.filter((box) => box.type === type).length;
  const moov = boxes.find(({ type }) => type === 'moov');
  if (!moov || !boxes.every(({ type }) => KNOWN.has(type)) || boxes[0]?.type !== 'ftyp') {
    return false;
  }
  const inside = boxesIn(bytes, moov.from, moov.to) ?? [];
  const tracks = inside.filter(({ type }) => type === 'trak').length;
  return count('ftyp') === 1 && count('moov') === 1 && count('mdat') === 1 && tracks === 1;
}

/** Whether every frame is there, the first stands for itself, and all together last that long. */
async function isWhole(track: InputVideoTrack, seconds: number): Promise<boolean> {
  if (!(seconds > 0 && seconds <= MOST_SECONDS)) return false;
  let [frames, shown] = [0, 0];
  // What the index says of key frames is looked up in the frames themselves.
  const verified = { verifyKeyPackets: true };
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, verified)) {
    if (++frames > MOST_FRAMES || packet.byteLength === 0 || !(packet.duration > 0)) return false;
    if (frames === 1 && packet.type !== 'key') return false;
    shown += packet.duration;
  }
  return frames > 0 && Math.abs(shown - seconds) < 0.01;
}
