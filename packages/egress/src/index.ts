/**
 * HTTP requests to addresses that somebody else chose: the URL of an input picture, a webhook's
 * receiver. Such a URL must not lead into our own network, whatever it is made of.
 *
 * ```ts
 * const egress = createEgress();
 * const picture = await egress.fetch(url, { maxBytes: 20_000_000, maxRedirects: 3 });
 * const delivery = await egress.fetch(receiver, { method: 'POST', headers, body });
 * ```
 *
 * What is promised (guarantee 16):
 *
 * - **Public addresses only** (`isPublicAddress`): literals in any spelling, and every address that a
 *   name has; one private address among public ones refuses the name. Names of private networks are
 *   not even looked up.
 * - **Connected to what was checked.** One lookup for each hop; its addresses are the only ones that
 *   the socket may use, while certificate, SNI and Host speak of the name. A second answer of the
 *   name server (rebinding) is never asked for.
 * - **https on 443.** Plain http is opted into with `ports: { http: [80] }`.
 * - **Redirects are refused**, or followed by hand up to `maxRedirects`, every hop checked like the
 *   first; never from https to http; another origin gets none of the caller's headers but Accept,
 *   Accept-Language and User-Agent.
 * - **Bounded**: one deadline over everything, bytes of body, headers and interim answers counted, no
 *   decompression, at most four addresses tried.
 * - **Deaf to the environment**: no proxy variable, no `NODE_TLS_REJECT_UNAUTHORIZED`, no hosts file,
 *   no search domain; no connection or TLS session is used twice.
 *
 * Everything that goes wrong is an `EgressRefused` with a stable code, whose message tells the owner
 * of the URL what to change. Every final status is an answer, 404 and 500 too: what counts as success
 * is the caller's affair.
 *
 * Not promised: that this is the only door. Run what fetches in a process of its own, under a network
 * policy that lets it out to public addresses alone; this package is the inner of two walls. In a
 * network whose name servers translate IPv4 into `64:ff9b::` (DNS64), names without an IPv6 address
 * of their own are refused.
 */
export { isPublicAddress } from './address/public-address.js';
export { createEgress, type Egress, type EgressOptions, type EgressResponse } from './egress.js';
export type { EgressRequest } from './request.js';
export { EgressRefused, type EgressRefusalCode } from './egress-refused.js';
export type { GuardOptions } from './guard.js';
export { dnsResolve, type Resolve } from './resolve.js';
