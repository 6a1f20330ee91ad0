import { formatCents } from '@safelight/contracts';
import { Problem } from '../http/problem.js';

/** Completed payments that a face swap in a video needs, in cents of a US dollar. */
export const PAYMENTS_NEEDED_CENTS = 10_000;
const RETRY_SECONDS = 86_400;

export function consentRequired(): Problem {
  const message =
    'must be true: it says that the owner of the face agreed to this; without that agreement do not send it';
  return new Problem('CONSENT_REQUIRED', `/biometric_consent ${message}`, {
    errors: [{ pointer: '/biometric_consent', message }],
  });
}

/** @param paidCents what the account has paid so far, less what was given back or is disputed */
export function paymentRequired(paidCents: number): Problem {
  const [needed, completed] = [formatCents(PAYMENTS_NEEDED_CENTS), formatCents(paidCents)];
  return new Problem(
    'PAYMENT_REQUIRED',
    `Face swaps in videos need completed payments of ${needed} USD first; this account has completed ${completed} USD. Buy credits with POST /api/v1/account/top-ups.`,
    { members: { payments_needed_usd: needed, payments_completed_usd: completed } },
  );
}

/** @param host of the video: the rest of its URL may be a secret */
export const noVideoWorker = (host: string): Problem =>
  new Problem(
    'GPU_UNAVAILABLE',
    `No worker on offer can open a video, so the one at ${host} was not fetched; GET /api/v1/models tells what is on offer.`,
    { headers: { 'retry-after': String(RETRY_SECONDS) } },
  );
