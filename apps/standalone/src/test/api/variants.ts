import type { RawRequest } from '../../fuzz/exchange.js';

/** Another way to write a request, by which somebody might slip past what guards it. */
export interface Variant {
  readonly what: string;
  readonly of: (request: RawRequest) => RawRequest;
  /** The same request to every reader: whoever may send it is answered as always. */
  readonly harmless?: boolean;
}

const harmless = (variant: Variant): Variant => ({ ...variant, harmless: true });

const path = (what: string, change: (target: string) => string): Variant => ({
  what,
  of: (request) => ({ ...request, target: change(request.target) }),
});
const header = (what: string, headers: Readonly<Record<string, string>>): Variant => ({
  what,
  of: (request) => ({ ...request, headers: { ...request.headers, ...headers } }),
});
const method = (name: string): Variant => ({
  what: `as ${name}`,
  of: (request) => ({ ...request, method: name, body: undefined }),
});

export const variants: readonly Variant[] = [
  method('HEAD'),
  method('OPTIONS'),
  method('PUT'),
  method('PATCH'),
  path('with a slash at the end', (target) => `${target}/`),
  path('with two slashes in front', (target) => `/${target}`),
  path('with two slashes inside', (target) => target.replace('/v1/', '/v1//')),
  path('with a dot segment', (target) => target.replace('/v1/', '/v1/./')),
  path('by way of a public route', (target) => target.replace('/api/v1/', '/api/v1/health/../')),
  path('by way of a public route, encoded', (target) =>
    target.replace('/api/v1/', '/api/v1/files/%2e%2e/'),
  ),
  path('with matrix parameters', (target) => `${target};a=b`),
  path('with matrix parameters inside', (target) => target.replace('/v1/', '/v1;a=b/')),
  path('with an encoded slash', (target) => target.replace('/v1/', '/v1%2f')),
  path('with an encoded slash, twice', (target) => target.replace('/v1/', '/v1%252f')),
  path('with an encoded letter', (target) => target.replace('/api/', '/%61pi/')),
  path('in capitals', (target) => target.toUpperCase()),
  path('with a capital', (target) => target.replace('/api/', '/Api/')),
  path('with a NUL at the end', (target) => `${target}%00`),
  path('with a space at the end', (target) => `${target}%20`),
  path('with a backslash', (target) => target.replace('/v1/', '/v1\\')),
  path('with an extension', (target) => `${target}.json`),
  harmless(path('with an empty query', (target) => `${target}?`)),
  path('with a fragment', (target) => `${target}#x`),
  harmless(path('with the whole address', (target) => `http://localhost${target}`)),
  header('asking for another method in a header', {
    'x-http-method-override': 'GET',
    'x-method-override': 'GET',
  }),
  header('with another path in a header', {
    'x-original-url': '/api/v1/health',
    'x-rewrite-url': '/api/v1/health',
  }),
  header('from within', { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' }),
  header('with a tab in its media type', { 'content-type': 'application/json\t; charset=utf-8' }),
  header('with a tab before its media type', { 'content-type': 'text/plain\tapplication/json' }),
  harmless(header('with a media type in capitals', { 'content-type': 'APPLICATION/JSON' })),
];
