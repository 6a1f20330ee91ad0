/** Why a request was refused or failed, and what the owner of the URL can do about it. */
const REMEDIES = {
  'egress.url_malformed':
    'the URL cannot be read; give an absolute URL of at most 2048 characters without spaces, control characters or backslashes',
  'egress.scheme': 'the scheme is not served; begin the URL with https://',
  'egress.port':
    "the port is not served; leave it out of the URL, so that the scheme's own port is used",
  'egress.credentials_in_url':
    'the URL carries a user name or a password; take them out and sign the path or the query instead',
  'egress.address_not_public':
    'the host is not a public one; use a name or an address that anybody on the internet can reach, and give the name no private address',
  'egress.no_address': 'the host name has no address; check its spelling and its DNS records',
  'egress.redirect_refused':
    'the server redirects where it may not; give the address that it redirects to, in https',
  'egress.too_many_redirects': 'the server redirects too often; give the final address itself',
  'egress.too_large': 'the answer is larger than is read; serve a smaller one',
  'egress.timeout':
    'the answer did not come in full within the time allowed; serve it faster, or make it smaller',
  'egress.tls':
    'the TLS handshake failed; serve TLS 1.2 or newer with a valid certificate from a public authority that names this host',
  'egress.unreachable':
    'the server could not be reached or broke off; check that it is up and speaks HTTP/1.1 on this port',
} as const;

export type EgressRefusalCode = keyof typeof REMEDIES;

/** What is known of a refusal besides its code. */
export interface RefusalContext {
  /** The limit that was passed, with its unit, for the message. */
  readonly limit?: string;
  /** The HTTP status of the answer, when one had begun to arrive. */
  readonly status?: number;
  /** For the operator's log alone: may name addresses that the owner of the URL must not learn. */
  readonly detail?: string;
  /** How many redirects had been followed: 0 speaks of the URL that was asked for. */
  readonly hop?: number;
  readonly cause?: unknown;
}

/**
 * The request was not sent, or had no answer that may be used. `code` is stable; `message` says what
 * the owner of the URL can change and tells nothing about the network here, so both may be shown to
 * a customer. `detail` and `cause` are for the log.
 */
export class EgressRefused extends Error {
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly hop: number;

  constructor(
    readonly code: EgressRefusalCode,
    private readonly context: RefusalContext = {},
  ) {
    super(messageOf(code, context), { cause: context.cause });
    this.name = 'EgressRefused';
    this.status = context.status;
    this.detail = context.detail;
    this.hop = context.hop ?? 0;
  }

  /** The same refusal, met after `hop` redirects. */
  afterRedirects(hop: number): EgressRefused {
    return new EgressRefused(this.code, { ...this.context, hop });
  }
}

function messageOf(code: EgressRefusalCode, { limit, hop = 0 }: RefusalContext): string {
  const where = hop === 0 ? '' : `after ${hop} redirect${hop === 1 ? '' : 's'}: `;
  return `${where}${REMEDIES[code]}${limit === undefined ? '' : ` (${limit})`}`;
}
