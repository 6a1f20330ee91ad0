import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signature Version 4 as S3 checks it, written from Amazon's description ("Signature Calculations for
 * the Authorization Header: Transferring Payload in a Single Chunk") and held to the examples there;
 * shares nothing with what signs in the product.
 */
export interface SignedRequest {
  readonly method: string;
  /** As it stood in the request line: path and query, percent-encoded. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})$/;

/** `undefined` for a header that is no SigV4 authorization. */
export function readAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, names, signature] = HEADER.exec(header) ?? [];
  if (!accessKeyId || !date || !region || !service || !names || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

/** Whether the signature is what this secret makes of this request. */
export function isSignedBy(
  secretAccessKey: string,
  request: SignedRequest,
  authorization: Authorization,
): boolean {
  const expected = signatureOf(secretAccessKey, request, authorization);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature));
}

function signatureOf(
  secretAccessKey: string,
  request: SignedRequest,
  { date, region, service, signedHeaders }: Authorization,
): string {
  const scope = [date, region, service, 'aws4_request'].join('/');
  const toSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'] ?? '',
    scope,
    createHash('sha256').update(canonical(request, signedHeaders)).digest('hex'),
  ].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

function canonical({ method, target, headers }: SignedRequest, names: readonly string[]): string {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  return [
    method,
    path.split('/').map(recoded).join('/'),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
}

const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return `${recoded(name)}=${recoded(value)}`;
    })
    .toSorted()
    .join('&');

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** Decoded and encoded again as SigV4 wants it: every byte but the unreserved, in upper-case hex. */
const recoded = (text: string): string =>
  Array.from(Buffer.from(decodeURIComponent(text)), (byte) => {
    const letter = String.fromCharCode(byte);
    return UNRESERVED.test(letter)
      ? letter
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
