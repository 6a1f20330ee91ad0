export type FilmRefusalCode =
  /** Not MP4 with H.264 of the baseline profile. */
  | 'film.not_supported'
  | 'film.damaged'
  | 'film.too_long'
  /** In pixels, frames or bytes. */
  | 'film.too_large'
  /** It takes longer to look at than anybody waits. */
  | 'film.timeout'
  /** Nothing is wrong with the film: as many as there is room for are being looked at. */
  | 'film.busy';

/** What is wrong with a film, and what to do about it; the words are meant for its sender. */
export class FilmRefused extends Error {
  constructor(
    readonly code: FilmRefusalCode,
    message: string,
  ) {
    super(message);
    this.name = 'FilmRefused';
  }
}
