import { formatCents } from '@safelight/contracts';
import { Problem } from '../http/problem.js';

/** Completed payments that a face swap in a video needs, in cents of a US dollar. */
export const PAYMENTS_NEEDED_CENTS = 10_000;

export const consentRequired = (at: string): Problem =>
  noConsent(
    `${at}/biometric_consent`,
    'must be true: it says that the owner of the face agreed to this; without that agreement do not send it',
  );

export const consentOver = (at: string): Problem =>
  noConsent(
    `${at}/consent`,
    'is revoked, has expired or was erased; without a new agreement of the owner of the face do not send it',
  );

const noConsent = (pointer: string, message: string): Problem =>
  new Problem('CONSENT_REQUIRED', `${pointer} ${message}`, { errors: [{ pointer, message }] });

/** @param models that may work on faces */
export function faceModelRefused(models: readonly string[], at: string): Problem {
  const [pointer, message] = [
    `${at}/model`,
    `must be ${models.join(' or ')}: nothing else works on faces as long as nobody can look into the pictures of a request`,
  ];
  return new Problem('VALIDATION_ERROR', `${pointer} ${message}`, {
    errors: [{ pointer, message }],
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
