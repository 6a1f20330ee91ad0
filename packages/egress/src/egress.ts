import type { IncomingHttpHeaders } from 'node:http';
import { isPublic } from './address/public-address.js';
import { within } from './deadline.js';
import { EgressRefused } from './egress-refused.js';
import { type Answer, exchange, redirectOf } from './exchange.js';
import { Guard, type GuardOptions } from './guard.js';
import type { Outgoing } from './open-request.js';
import { readUrl } from './read-url.js';
import { type EgressRequest, readRequest } from './request.js';

export interface EgressOptions extends GuardOptions {
  /** Authorities to trust besides Node's own, in PEM; for internal receivers with a private one. */
  readonly extraCa?: readonly string[];
  /** Default: `Safelight`. */
  readonly userAgent?: string;
}

export interface EgressResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** As it was sent: a server that compresses although asked not to is not decompressed. */
  readonly body: Buffer;
  /** Where the answer came from, after the redirects. */
  readonly url: string;
}

export interface Egress {
  /**
   * @throws EgressRefused; the reason of `signal`, if that ended it; RangeError or TypeError for a
   * request that the caller may not make.
   */
  fetch(url: string, request?: EgressRequest): Promise<EgressResponse>;
  /**
   * Whether `fetch` would connect, as of now: for a URL that is only kept. Connects to nothing.
   * @throws EgressRefused; the reason of `signal`.
   */
  check(url: string, request?: Pick<EgressRequest, 'timeoutMs' | 'signal'>): Promise<void>;
}

/** @throws RangeError for an option that cannot be read. */
export const createEgress = (options: EgressOptions = {}): Egress => new GuardedEgress(options);

/** What a redirect to another origin may still be told. */
const HARMLESS_HEADERS = new Set(['accept', 'accept-language', 'user-agent']);

/** See `Egress`. The tests' negative control takes the judge away; nothing else may. */
export class GuardedEgress implements Egress {
  private readonly guard: Guard;
  private readonly extraCa: readonly string[];
  private readonly userAgent: string;

  constructor(
    { extraCa = [], userAgent = 'Safelight', ...guarded }: EgressOptions,
    judge = isPublic,
  ) {
    this.guard = new Guard(guarded, judge);
    this.extraCa = extraCa;
    this.userAgent = userAgent;
  }

  async fetch(url: string, request: EgressRequest = {}): Promise<EgressResponse> {
    const { timeoutMs, maxRedirects, signal, ...asked } = readRequest(request);
    const headers = { 'user-agent': this.userAgent, ...asked.headers };
    const outgoing = { ...asked, headers, extraCa: this.extraCa };
    return within(timeoutMs, signal, (signal) => this.follow(url, outgoing, maxRedirects, signal));
  }

  async check(url: string, request: Pick<EgressRequest, 'timeoutMs' | 'signal'> = {}) {
    const { timeoutMs, signal } = readRequest(request);
    await within(timeoutMs, signal, (signal) => this.guard.destinationOf(readUrl(url), signal));
  }

  private async follow(
    start: string,
    outgoing: Outgoing,
    maxRedirects: number,
    signal: AbortSignal,
  ): Promise<EgressResponse> {
    let [text, from, sent]: [string, URL | undefined, Outgoing] = [start, undefined, outgoing];
    for (let hop = 0; ; hop += 1) {
      try {
        const url = readUrl(text, from);
        if (from) sent = redirected(sent, from, url);
        const answer = await exchange(await this.guard.destinationOf(url, signal), sent, signal);
        const location = redirectOf(answer);
        if (location === undefined) return { ...answer, url: url.href };
        checkCount(hop, maxRedirects, answer);
        [text, from] = [location, url];
      } catch (error) {
        throw error instanceof EgressRefused && hop > 0 ? error.afterRedirects(hop) : error;
      }
    }
  }
}

function checkCount(hop: number, maxRedirects: number, { status }: Answer): void {
  if (hop < maxRedirects) return;
  if (maxRedirects === 0) throw new EgressRefused('egress.redirect_refused', { status });
  const limit = `at most ${maxRedirects}`;
  throw new EgressRefused('egress.too_many_redirects', { status, limit });
}

/** What is sent to `to`, where `from` redirects. */
function redirected(outgoing: Outgoing, from: URL, to: URL): Outgoing {
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new EgressRefused('egress.redirect_refused', { detail: 'from https to http' });
  }
  if (from.origin === to.origin) return outgoing;
  const harmless = Object.entries(outgoing.headers).filter(([name]) => HARMLESS_HEADERS.has(name));
  return { ...outgoing, headers: Object.fromEntries(harmless) };
}
