import { EgressRefused, type Egress } from '@safelight/egress';
import { DomainError } from '@safelight/event-sourcing';

/** What DNS may cost whoever registers a URL, in milliseconds. */
const PATIENCE_MS = 1_500;

/** Refusals that may be over by the time an event is sent; then the address is judged again. */
const PASSING: readonly string[] = ['egress.timeout', 'egress.unreachable', 'egress.no_address'];

/**
 * Tells the owner of a URL at once that nothing would ever be sent to it. Proves nothing about later:
 * every send is judged by itself.
 * @throws DomainError `webhook.url_refused {message}`
 */
export async function requireReceivable(egress: Egress, url: string): Promise<void> {
  try {
    await egress.check(url, { timeoutMs: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    if (PASSING.includes(error.code)) return;
    throw new DomainError('webhook.url_refused', { message: error.message });
  }
}
