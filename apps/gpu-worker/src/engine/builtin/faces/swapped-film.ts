import { FilmRefused, openFilm, type FilmFrame } from '@safelight/film-intake';
import type { Footage } from '../tasks.js';
import { TaskRefused } from '../tasks.js';
import { fastStart, Reel } from '../cinema/reel.js';
import type { SwappedFilm } from './film-to-swap.js';
import { layOver } from './lay-over.js';
import { between, boxAround, type Oval } from './oval.js';
import { faceIn, faceNotFound, type Portrait, portraitOf } from './portrait.js';
import { Still } from './still.js';

/** Told of each frame that is done. */
export interface Shooting {
  readonly onFrame: (done: number, frames: number) => void;
  readonly isStopped: () => boolean;
}

/** What the engine takes; the services in front allow no more either. */
const LIMITS = { seconds: 60, side: 1280, fps: 30 } as const;
/** How far the oval moves towards where the face was found in a frame. */
const FOLLOWS = 0.5;
/** A face that was lost is still laid over for so long, in seconds. */
const REMEMBERED = 0.5;

/**
 * The first seconds of a film with a portrait over the largest face-like region of each frame; frames
 * without one stay as they are. `undefined` when it was stopped between two frames.
 *
 * @throws TaskRefused `engine.face_not_found` where no frame has one, `engine.video_unreadable`
 */
export async function swappedFilm(
  { mp4, face, plan }: SwappedFilm,
  { onFrame, isStopped }: Shooting,
): Promise<Footage | undefined> {
  const portrait = portraitOf(face);
  const film = await readable(openFilm(Buffer.from(mp4), LIMITS));
  const { width, height } = film.facts;
  const { fps } = plan;
  const frames = Math.max(1, Math.round(plan.seconds * fps));
  const reel = await Reel.open({ width, height, fps });
  const swapping = new Swapping(portrait, width, height, fps);
  let [done, complete] = [0, false];
  try {
    let before: FilmFrame | undefined;
    const shootUntil = (atSeconds: number): void => {
      while (before && done < frames && done / fps < atSeconds - EARLY && !isStopped()) {
        reel.add(swapping.frame(before));
        onFrame(++done, frames);
      }
    };
    for await (const { frame, atSeconds } of film.frames()) {
      // What is seen first is seen from the beginning.
      shootUntil(atSeconds);
      before = frame;
      if (isStopped() || done === frames) break;
    }
    shootUntil(Infinity);
    complete = done === frames;
    if (complete && !swapping.found) throw faceNotFound('video');
  } catch (error) {
    complete = false;
    throw refusalOf(error);
  } finally {
    // Only this frees what the encoder holds.
    if (!complete) reel.close();
  }
  if (!complete) return undefined;
  return { mp4: await fastStart(reel.close(), fps), width, height, seconds: frames / fps };
}

/** Times in a file are whole ticks of its clock. */
const EARLY = 0.004;

/** Follows the face from frame to frame. */
class Swapping {
  found = false;
  #oval: Oval | undefined;
  #lostFor = 0;
  readonly #still: Still;

  constructor(
    private readonly portrait: Portrait,
    private readonly width: number,
    private readonly height: number,
    private readonly fps: number,
  ) {
    this.#still = new Still(width, height);
  }

  frame(frame: FilmFrame): Uint8ClampedArray {
    const still = this.#still;
    still.take(frame);
    const oval = this.#follow(faceIn(this.width, this.height, still.read));
    if (oval) {
      const box = boxAround(oval, this.width, this.height);
      const region = { box, rgb: still.cut(box) };
      layOver(region, oval, this.portrait);
      still.putInto(region, oval);
    }
    return still.yuv;
  }

  #follow(seen: Oval | undefined): Oval | undefined {
    if (seen) {
      this.found = true;
      this.#lostFor = 0;
      this.#oval = this.#oval ? between(this.#oval, seen, FOLLOWS) : seen;
    } else if (++this.#lostFor > REMEMBERED * this.fps) {
      this.#oval = undefined;
    }
    return this.#oval;
  }
}

const readable = async <T>(opening: Promise<T>): Promise<T> => {
  try {
    return await opening;
  } catch (error) {
    throw refusalOf(error);
  }
};

const refusalOf = (error: unknown): unknown =>
  error instanceof FilmRefused ? new TaskRefused('engine.video_unreadable', error.message) : error;
