import { createHmac, timingSafeEqual } from 'node:crypto';
import { keySegments } from './object-key.js';

export type SignedMethod = 'GET' | 'PUT';

/** Leave to do one thing with one object until `expiresAt`. */
export interface UrlGrant {
  readonly method: SignedMethod;
  readonly key: string;
  /** SHA-256, in lower-case hex, of the bytes that may be handed out under the key, and no others. */
  readonly digest: string;
  readonly accountId: string;
  readonly expiresAt: Date;
}

export type SignatureFault = 'malformed' | 'mismatch' | 'expired';

/** The URL grants nothing. The message says no more than `reason`. */
export class SignatureRefused extends Error {
  readonly code = 'url.refused';
  constructor(readonly reason: SignatureFault) {
    super(`the signed URL is refused: ${reason}`);
    this.name = 'SignatureRefused';
  }
}

const longestLifetimeMs = 15 * 60 * 1_000;
const shortestSecret = 32;
const accountPattern = /^[A-Za-z0-9_-]{1,64}$/;
const digestPattern = /^[0-9a-f]{64}$/;
const expiryPattern = /^[1-9]\d{12,14}$/;

/**
 * Links to one object, for one method, of one account, for at most 15 minutes: HMAC-SHA-256 over
 * exactly these five fields. None of them may contain the separator, so no two grants share a
 * canonical form.
 */
export class SignedUrls {
  private readonly base: URL;
  private readonly secrets: readonly Uint8Array[];
  private readonly maxLifetimeMs: number;

  /** `secret` signs; it and `previousSecrets` verify, so a secret can be replaced without breaking links. */
  constructor(o: {
    secret: Uint8Array;
    previousSecrets?: readonly Uint8Array[];
    baseUrl: string;
    maxLifetimeMs?: number;
  }) {
    this.secrets = [o.secret, ...(o.previousSecrets ?? [])];
    if (this.secrets.some((secret) => secret.byteLength < shortestSecret)) {
      throw new RangeError(`a signing secret has at least ${shortestSecret} bytes`);
    }
    this.maxLifetimeMs = Math.min(o.maxLifetimeMs ?? longestLifetimeMs, longestLifetimeMs);
    this.base = new URL(o.baseUrl.endsWith('/') ? o.baseUrl : `${o.baseUrl}/`);
  }

  /**
   * @param now the time from which the lifetime counts.
   * @throws ObjectKeyRefused for a malformed key, RangeError for a lifetime that is over or too long.
   */
  sign(grant: UrlGrant, now = new Date()): string {
    keySegments(grant.key);
    if (!accountPattern.test(grant.accountId)) throw new RangeError('malformed account id');
    if (!digestPattern.test(grant.digest)) throw new RangeError('malformed digest');
    const lifetimeMs = grant.expiresAt.getTime() - now.getTime();
    if (!(lifetimeMs > 0 && lifetimeMs <= this.maxLifetimeMs)) {
      throw new RangeError(`a signed URL lives for 1 to ${this.maxLifetimeMs} ms`);
    }
    const expires = String(grant.expiresAt.getTime());
    const url = new URL(grant.key, this.base);
    url.searchParams.set('account', grant.accountId);
    url.searchParams.set('digest', grant.digest);
    url.searchParams.set('expires', expires);
    const signature = signatureOf(this.secret(), { ...grant, expires });
    url.searchParams.set('signature', signature.toString('base64url'));
    return url.href;
  }

  /**
   * @param url a whole URL, or path and query as an HTTP request carries them; the host is not signed.
   * @param method the method of the request at hand.
   * @throws SignatureRefused; a link is dead at the very millisecond of its expiry.
   */
  verify(
    url: string,
    method: string,
    now: Date,
  ): { key: string; digest: string; accountId: string } {
    const { signature, ...fields } = this.fieldsOf(url);
    const { key, digest, accountId, expires } = fields;
    const genuine = this.secrets.some((secret) =>
      sameBytes(signature, signatureOf(secret, { ...fields, method })),
    );
    if (!genuine) throw new SignatureRefused('mismatch');
    if (now.getTime() >= Number(expires)) throw new SignatureRefused('expired');
    return { key, digest, accountId };
  }

  private secret(): Uint8Array {
    const [secret] = this.secrets;
    if (!secret) throw new Error('a signer has a secret');
    return secret;
  }

  private fieldsOf(text: string) {
    const url = URL.parse(text, this.base.href);
    if (!url?.pathname.startsWith(this.base.pathname)) throw new SignatureRefused('malformed');
    const key = url.pathname.slice(this.base.pathname.length);
    const [accountId, digest, expires, signature] = [
      ...['account', 'digest', 'expires', 'signature'],
    ].map((name) => onlyValue(url, name));
    if (!isKey(key) || !accountId || !digest || !expires || !signature) {
      throw new SignatureRefused('malformed');
    }
    const wellFormed = digestPattern.test(digest) && expiryPattern.test(expires);
    if (!accountPattern.test(accountId) || !wellFormed) throw new SignatureRefused('malformed');
    const bytes = Buffer.from(signature, 'base64url');
    // Node's decoder takes several spellings of the same bytes; a link has one.
    if (bytes.toString('base64url') !== signature) throw new SignatureRefused('malformed');
    return { key, digest, accountId, expires, signature: bytes };
  }
}

function signatureOf(
  secret: Uint8Array,
  {
    method,
    key,
    digest,
    expires,
    accountId,
  }: Omit<UrlGrant, 'method' | 'expiresAt'> & { method: string; expires: string },
): Buffer {
  const canonical = ['safelight-url-v2', method, key, digest, expires, accountId].join('\n');
  return createHmac('sha256', secret).update(canonical).digest();
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

/** A repeated parameter has no single meaning, so it has none. */
function onlyValue(url: URL, name: string): string | undefined {
  const values = url.searchParams.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function isKey(key: string): boolean {
  try {
    return keySegments(key).length > 0;
  } catch {
    return false;
  }
}
