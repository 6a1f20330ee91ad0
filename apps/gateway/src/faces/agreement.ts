import { getConsent } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import { consentOver, consentRequired } from './face.refusals.js';

/** How a request says that the owner of its face agreed. */
export interface Agreement {
  readonly biometric_consent: boolean;
  /** Id of a recorded consent. */
  readonly consent?: string | undefined;
}

/**
 * Before anything of a face is read. A consent that is named has to be live, whatever else is said.
 *
 * @param at where the request stands in the body: '' or '/request'
 * @throws Problem CONSENT_REQUIRED; DomainError `consent.not_found`, alike for another account's
 */
export async function requireAgreement(
  services: RequestClient,
  accountId: string,
  { biometric_consent: declared, consent: consentId }: Agreement,
  at = '',
): Promise<void> {
  if (consentId !== undefined) {
    const { live } = await services.request(getConsent, { accountId, consentId });
    if (!live) throw consentOver(at);
    return;
  }
  if (!declared) throw consentRequired(at);
}
