import { EgressRefused, type Egress } from '@safelight/egress';

const ANSWER_MAX_BYTES = 1_048_576;

/**
 * `fetch`, as Stripe's library asks for it, by way of the house's one door to the outside: public
 * addresses, no redirects, no proxies, bounded answers.
 */
export const fetchThrough =
  (egress: Egress, timeoutMs: number): typeof globalThis.fetch =>
  async (input, init = {}) => {
    const url = input instanceof Request ? input.url : input.toString();
    const { method = 'GET', body, signal } = init;
    const {
      status,
      headers,
      body: answer,
    } = await egress
      .fetch(url, {
        method: method === 'POST' ? 'POST' : 'GET',
        headers: headersOf(init.headers),
        maxBytes: ANSWER_MAX_BYTES,
        timeoutMs,
        ...(method === 'POST' && typeof body === 'string' ? { body } : {}),
        ...(signal ? { signal } : {}),
      })
      .catch((error: unknown) => {
        // The library tries again after errors of connections, which it knows by their code.
        if (!(error instanceof EgressRefused)) throw error;
        throw Object.assign(new TypeError(error.message, { cause: error }), { code: error.code });
      });
    const answered = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    return new Response(new Uint8Array(answer), { status, headers: answered });
  };

/** Those that frame the message are the door's own to set. */
const FRAMING = new Set(['content-length', 'host', 'connection', 'accept-encoding']);

function headersOf(headers: RequestInit['headers']): Record<string, string> {
  const given = [...new Headers(headers).entries()];
  return Object.fromEntries(given.filter(([name]) => !FRAMING.has(name)));
}
