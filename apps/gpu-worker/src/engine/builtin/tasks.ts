import type { Commission } from './atelier/painting.js';
import type { FilmPlan } from './cinema/film.js';
import type { SwappedFilm } from './faces/film-to-swap.js';
import type { Picture } from './picture.js';

/** Which pixels to repaint: a weight 0..255 for each, or what the engine is to find by itself. */
export type Region = Uint8Array | 'subject' | 'background';

/** What the engine's thread can be asked to make. Strength is 0..1; 1 ignores the picture. */
export type Task =
  | { kind: 'paint'; commission: Commission }
  | { kind: 'rework'; commission: Commission; picture: Picture; strength: number }
  | {
      kind: 'repaint';
      commission: Commission;
      picture: Picture;
      region: Region;
      strength: number;
    }
  /** `enlarged` is the picture as a resampler made it: `scale` times as wide and high. */
  | { kind: 'enlarge'; picture: Picture; enlarged: Picture; scale: 2 | 4; steps: number }
  /** `picture` is as large as the frame, and what the film begins with. */
  | { kind: 'film'; commission: Commission; plan: FilmPlan; picture?: Picture }
  | { kind: 'swap'; picture: Picture; face: Picture }
  | ({ kind: 'swap-film' } & SwappedFilm);

/** A film as it was encoded, not marked yet. */
export interface Footage {
  readonly mp4: Uint8Array;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
}

/** A picture in the making. The same task gives the same pixels, always. */
export interface Work {
  readonly steps: number;
  /** Does the next pass and returns how many are done. */
  pass(): number;
  finish(): Picture;
}

/** A task that cannot be done, for a reason that its sender can do something about. */
export class TaskRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'TaskRefused';
  }
}
