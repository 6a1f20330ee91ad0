import { Problem } from '../http/problem.js';

/** Completed payments that a face swap in a video needs, in US dollars. */
const PAYMENTS_NEEDED_USD = 100;
const RETRY_SECONDS = 86_400;

export function consentRequired(): Problem {
  const message =
    'must be true: it says that the owner of the face agreed to this; without that agreement do not send it';
  return new Problem('CONSENT_REQUIRED', `/biometric_consent ${message}`, {
    errors: [{ pointer: '/biometric_consent', message }],
  });
}

export const paymentRequired = (): Problem =>
  new Problem(
    'PAYMENT_REQUIRED',
    `Face swaps in videos need completed payments of ${PAYMENTS_NEEDED_USD} USD first; this account has completed 0 USD.`,
    { members: { payments_needed_usd: String(PAYMENTS_NEEDED_USD), payments_completed_usd: '0' } },
  );

/** @param host of the video: the rest of its URL may be a secret */
export const noVideoWorker = (host: string): Problem =>
  new Problem(
    'GPU_UNAVAILABLE',
    `No worker on offer can open a video, so the one at ${host} was not fetched; GET /api/v1/models tells what is on offer.`,
    { headers: { 'retry-after': String(RETRY_SECONDS) } },
  );
