import { EgressRefused } from './egress-refused.js';

const LENGTH_MAX = 2_048;
/**
 * What the URL parser would drop or turn round in silence. Someone else who reads the same text (a
 * log, an audit, another program) must see the host that we see.
 */
const AMBIGUOUS = /[\s\p{Cc}\\]/u;
const SCHEMES = new Set(['http:', 'https:']);

/**
 * @param base where a relative address starts from; only redirects may be relative.
 * @returns a URL whose host is an address in its one normal spelling, or a name without a last dot.
 * @throws EgressRefused
 */
export function readUrl(text: string, base?: URL): URL {
  if (text.length > LENGTH_MAX || AMBIGUOUS.test(text)) {
    throw new EgressRefused('egress.url_malformed');
  }
  const url = URL.parse(text, base?.href);
  if (!url) throw new EgressRefused('egress.url_malformed');
  if (!SCHEMES.has(url.protocol)) throw new EgressRefused('egress.scheme');
  if (url.username !== '' || url.password !== '') {
    throw new EgressRefused('egress.credentials_in_url');
  }
  const name = url.hostname.replace(/\.$/, '');
  if (name.split('.').includes('')) throw new EgressRefused('egress.url_malformed');
  url.hostname = name;
  return url;
}

const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 } as const;

export type Scheme = 'http' | 'https';

export const schemeOf = (url: URL): Scheme => (url.protocol === 'https:' ? 'https' : 'http');

export const portOf = (url: URL): number =>
  url.port === '' ? DEFAULT_PORTS[`${schemeOf(url)}:`] : Number(url.port);

/** Endings of names in private networks, by RFC 6761, 6762 and 8375, by ICANN, or by habit. */
const INTERNAL = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
];

/** Whether a name is of some private network by its looks; one without a dot always is. */
export const isInternalName = (name: string): boolean =>
  !name.includes('.') || INTERNAL.some((ending) => name.endsWith(`.${ending}`));
