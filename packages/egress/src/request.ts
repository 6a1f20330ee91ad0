import type { Outgoing } from './open-request.js';

export interface EgressRequest {
  /** Default: `GET`. */
  readonly method?: Outgoing['method'];
  /** Content-Length, Host, Accept-Encoding and those that steer the connection are ours. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Most bytes of body that are read. Default: 1 MiB. */
  readonly maxBytes?: number;
  /** From the call to the last byte, through lookups and redirects, in milliseconds. Default: 10 s. */
  readonly timeoutMs?: number;
  /** 0 to 10; GET and HEAD alone may follow any. Default: 0, a redirect is refused. */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

const LONGEST_MS = 600_000;
const MOST_REDIRECTS = 10;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT']);
const WITH_BODY = new Set(['POST', 'PUT']);

/** They steer the connection or the framing of messages, so nobody but us sets them. */
const OURS =
  /^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|accept-encoding|proxy-.*)$/;

/**
 * Fills in the defaults; header names come out in lower case.
 * @throws RangeError, TypeError for what the calling program got wrong: no customer's URL can.
 */
export function readRequest(request: EgressRequest) {
  const { method = 'GET', body, maxBytes = 1_048_576, signal } = request;
  const { timeoutMs = 10_000, maxRedirects = 0 } = request;
  if (!METHODS.has(method)) throw new TypeError(`the method ${method} is not sent`);
  if (body !== undefined && !WITH_BODY.has(method)) throw new TypeError(`${method} takes no body`);
  checkRange('maxBytes', maxBytes, 0, Number.MAX_SAFE_INTEGER);
  checkRange('timeoutMs', timeoutMs, 1, LONGEST_MS);
  // A redirected POST or PUT would have to become a GET, or hand its body to somebody it was not meant for.
  checkRange('maxRedirects', maxRedirects, 0, WITH_BODY.has(method) ? 0 : MOST_REDIRECTS);
  const headers = readHeaders(request.headers ?? {});
  return { method, headers, body, maxBytes, timeoutMs, maxRedirects, signal };
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} is a whole number from ${least} to ${most}`);
}

function readHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const [ours] = lower.find(([name]) => OURS.test(name)) ?? [];
  if (ours !== undefined) throw new TypeError(`the header ${ours} is not the caller's to set`);
  return Object.fromEntries(lower);
}
