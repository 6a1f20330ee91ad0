import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { Address } from './address/address.js';
import type { Destination } from './guard.js';
import { portOf, schemeOf } from './read-url.js';

/** What is sent, and how much of an answer is read. */
export interface Outgoing {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** Bytes of body. */
  readonly maxBytes: number;
  /** Authorities that are trusted besides Node's own, in PEM. */
  readonly extraCa: readonly string[];
}

/** How far a connection has come: what an error means depends on it. */
export interface Progress {
  stage: 'connect' | 'handshake' | 'http';
}

const HEADER_BYTES_MAX = 16 * 1_024;

/** The next address is tried when one fails, or after this while. */
const connecting = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_000 };

// Agents of our own, not the global ones: they keep no connection and no TLS session for another
// host to meet, and they know of no proxy, whatever the environment says.
const agents = {
  http: new http.Agent({ ...connecting, keepAlive: false }),
  https: new https.Agent({ ...connecting, keepAlive: false, maxCachedSessions: 0 }),
};

/** Starts the request. The connection goes to the destination's addresses and nowhere else. */
export function openRequest(
  to: Destination,
  { method, headers, body, extraCa }: Outgoing,
): { request: http.ClientRequest; progress: Progress } {
  const scheme = schemeOf(to.url);
  const request = (scheme === 'https' ? https : http).request({
    protocol: to.url.protocol,
    host: to.host,
    port: portOf(to.url),
    path: to.url.pathname + to.url.search,
    method,
    headers: { ...headers, 'accept-encoding': 'identity', ...lengthOf(body) },
    agent: agents[scheme],
    lookup: onlyTo(to.addresses),
    maxHeaderSize: HEADER_BYTES_MAX,
    // The next two can be switched off for a whole process from its environment; not here.
    insecureHTTPParser: false,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ca: extraCa.length === 0 ? undefined : [...getCACertificates('default'), ...extraCa],
  });
  const progress = follow(request, scheme);
  request.end(body);
  return { request, progress };
}

const lengthOf = (body: string | Uint8Array | undefined) =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };

/** In place of a lookup: the addresses that were checked. Node asks for none when the host is one. */
function onlyTo(addresses: readonly Address[]): LookupFunction {
  const checked = addresses.map((address) => ({
    address: address.toString(),
    family: address.kind() === 'ipv4' ? 4 : 6,
  }));
  return (_name, _options, callback) => process.nextTick(callback, null, checked);
}

function follow(request: http.ClientRequest, scheme: 'http' | 'https'): Progress {
  const progress: Progress = { stage: 'connect' };
  request.once('socket', (socket) => {
    socket.once('connect', () => (progress.stage = scheme === 'https' ? 'handshake' : 'http'));
    socket.once('secureConnect', () => (progress.stage = 'http'));
  });
  return progress;
}
