import sharp from 'sharp';
import { Surface } from '../builtin/atelier/drawing/surface.js';
import { LumaFrame } from '../builtin/cinema/luma.js';
import { fastStart, Reel } from '../builtin/cinema/reel.js';
import { EngineError } from '../engine.js';
import { assertNotAborted } from '../remote/given-up-after.js';

/**
 * Frames as an MP4 (H.264), which the server cannot write: it has WebM, animated WebP and AVI. Decoding
 * a frame is left to other threads, so that the worker's heartbeat goes on between two.
 *
 * @param frames JPEGs of one size, whose sides are even
 * @throws EngineCancelled; EngineError `engine.output_unreadable`
 */
export async function filmedAnew(
  frames: readonly Buffer[],
  fps: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const [first] = frames;
  if (!first) throw unreadable('no frames');
  const { width, height } = await readable(sharp(first).metadata());
  if (width % 2 !== 0 || height % 2 !== 0) throw unreadable(`${width} × ${height}`);
  const surface = new Surface(width, height);
  const luma = new LumaFrame(surface);
  const reel = await Reel.open({ width, height, fps });
  let film: Uint8Array | undefined;
  try {
    for (const frame of frames) {
      assertNotAborted(signal);
      const pixels = await readable(
        sharp(frame).toColourspace('srgb').removeAlpha().raw().toBuffer(),
      );
      if (pixels.length !== surface.rgb.length) throw unreadable('frames of several sizes');
      surface.rgb.set(pixels);
      reel.add(luma.take(() => 1));
    }
  } finally {
    film = reel.close();
  }
  return fastStart(film, fps);
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (cause: unknown): EngineError =>
  new EngineError('engine.output_unreadable', 'The video that the engine made cannot be read.', {
    cause,
  });
