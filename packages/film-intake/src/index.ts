export { FilmDecoder, type FilmFrame } from './film-decoder.js';
export { FilmIntake, type FilmIntakeOptions } from './film-intake.js';
export { FilmRefused, type FilmRefusalCode } from './film-refused.js';
export { type FilmFacts, type FilmLimits, OpenFilm, openFilm } from './open-film.js';
