import type { FilmPlan } from '../cinema/film.js';
import type { Picture } from '../picture.js';

/** A film whose first seconds get a face. */
export interface SwappedFilm {
  readonly mp4: Uint8Array;
  readonly face: Picture;
  readonly plan: FilmPlan;
}
