import type { ProblemCode } from '@safelight/contracts';
import { EgressRefused } from '@safelight/egress';
import { FilmRefused, type FilmRefusalCode } from '@safelight/film-intake';
import { Problem } from '../http/problem.js';

const RETRY_SECONDS = '2';

const codes: Readonly<Record<Exclude<FilmRefusalCode, 'film.busy'>, ProblemCode>> = {
  'film.not_supported': 'UNSUPPORTED_MEDIA',
  'film.damaged': 'UNSUPPORTED_MEDIA',
  'film.too_long': 'PAYLOAD_TOO_LARGE',
  'film.too_large': 'PAYLOAD_TOO_LARGE',
  'film.timeout': 'PAYLOAD_TOO_LARGE',
};

const refused = (code: ProblemCode, pointer: string, message: string): Problem =>
  new Problem(code, `${pointer}: ${message}.`, { errors: [{ pointer, message }] });

/** What a refusal by the intake or by the egress guard means to a client; anything else as it is. */
export function problemOfVideo(error: unknown, pointer: string): unknown {
  if (error instanceof FilmRefused) {
    if (error.code === 'film.busy') return tooManyVideos();
    return refused(codes[error.code], pointer, error.message);
  }
  if (error instanceof EgressRefused) {
    const large = error.code === 'egress.too_large';
    return refused(large ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_ERROR', pointer, error.message);
  }
  return error;
}

/** @param status what the URL answered with */
export const fetchedBadly = (status: number, pointer: string): Problem =>
  refused(
    'VALIDATION_ERROR',
    pointer,
    `the server answered ${status} in place of a video; give a URL that answers 200`,
  );

/** @param most videos of one account at the same moment */
export const tooManyOfYours = (most: number): Problem =>
  new Problem(
    'RATE_LIMITED',
    `This account has ${most} videos being fetched at this moment; send the next when one is done.`,
    { headers: { 'retry-after': RETRY_SECONDS } },
  );

export const tooManyVideos = (): Problem =>
  new Problem(
    'SERVICE_UNAVAILABLE',
    'Too many videos are being fetched at this moment; try again.',
    { headers: { 'retry-after': RETRY_SECONDS } },
  );
