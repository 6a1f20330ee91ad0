import type { ProblemCode } from '@safelight/contracts';
import { EgressRefused } from '@safelight/egress';
import { ImageRefused, IntakeUnavailable, type RefusalCode } from '@safelight/image-intake';
import { Problem } from '../http/problem.js';

const RETRY_SECONDS = '2';

const codes: Readonly<Record<RefusalCode, ProblemCode>> = {
  'image.too_large': 'PAYLOAD_TOO_LARGE',
  'image.too_many_pixels': 'PAYLOAD_TOO_LARGE',
  'image.too_complex': 'PAYLOAD_TOO_LARGE',
  'image.timeout': 'PAYLOAD_TOO_LARGE',
  'image.not_supported': 'UNSUPPORTED_MEDIA',
  'image.damaged': 'UNSUPPORTED_MEDIA',
  'image.animated': 'UNSUPPORTED_MEDIA',
  'image.not_base64': 'VALIDATION_ERROR',
};

/** A fault of one field, told with its remedy. An empty pointer speaks of the body. */
const inField = (code: ProblemCode, pointer: string, message: string): Problem =>
  new Problem(code, `${pointer === '' ? 'The body' : pointer}: ${message}.`, {
    errors: [{ pointer, message }],
  });

/** What a refusal by the intake or by the egress guard means to a client; anything else as it is. */
export function problemOfPicture(error: unknown, pointer: string): unknown {
  if (error instanceof ImageRefused) return inField(codes[error.code], pointer, error.message);
  if (error instanceof EgressRefused) return inField('VALIDATION_ERROR', pointer, error.message);
  if (error instanceof IntakeUnavailable) {
    return new Problem('SERVICE_UNAVAILABLE', `${pointer}: ${error.message}.`, {
      headers: { 'retry-after': RETRY_SECONDS },
    });
  }
  return error;
}

/** @param status what the URL answered with */
export const fetchedBadly = (status: number, pointer: string): Problem =>
  inField(
    'VALIDATION_ERROR',
    pointer,
    `the server answered ${status} in place of a picture; give a URL that answers 200`,
  );

/** The same answer for an upload that never was, has expired, or is another account's. */
export function namesNoUpload(error: unknown, pointer: string): unknown {
  if (!(error instanceof Problem) || error.code !== 'NOT_FOUND') return error;
  const message = 'names no upload of this account; uploads live for 30 days, send it again';
  return new Problem('NOT_FOUND', error.detail, { errors: [{ pointer, message }] });
}
