import { Problem } from '../http/problem.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The key as sent: `Authorization: Bearer …`, or `x-api-key`. The word Bearer may be missing: Novita's
 * own client leaves it out.
 */
export function keyIn(headers: Headers): string | undefined {
  const authorization = headers['authorization'];
  if (typeof authorization === 'string') return /^(?:bearer +)?(\S+) *$/i.exec(authorization)?.[1];
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

/** 1 to 255 visible ASCII characters. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws Problem VALIDATION_ERROR when the header cannot be a key */
export function idempotencyKeyIn(headers: Headers): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  const message =
    'must be 1 to 255 visible ASCII characters without spaces, e.g. a fresh UUID for each request';
  throw new Problem('VALIDATION_ERROR', `The header Idempotency-Key ${message}.`, {
    errors: [{ pointer: 'header:idempotency-key', message }],
  });
}
