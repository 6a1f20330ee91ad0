import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ObjectKeyRefused } from './object-key.js';
import { SignatureRefused, SignedUrls } from './signed-urls.js';

const baseUrl = 'http://127.0.0.1:8080/api/v1/files';
const urls = new SignedUrls({ secret: randomBytes(32), baseUrl });
const now = new Date('2026-11-21T12:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const grant = {
  method: 'GET' as const,
  key: 'jobs/job_1/1/out_1.png',
  digest: 'a1'.repeat(32),
  accountId: 'acc_1',
  expiresAt: later(60_000),
};
const href = urls.sign(grant, now);
const altered = (change: (url: URL) => void) => {
  const url = new URL(href);
  change(url);
  return url.href;
};
const reasonOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof SignatureRefused) return error.reason;
    throw error;
  }
  return 'accepted';
};

describe('a signed URL', () => {
  it('opens its object, as a whole URL and as a request path', () => {
    const { pathname, search } = new URL(href);
    const { key, digest, accountId } = grant;
    const granted = { key, digest, accountId };
    expect(urls.verify(href, 'GET', now)).toEqual(granted);
    expect(urls.verify(pathname + search, 'GET', now)).toEqual(granted);
    expect(pathname).toBe('/api/v1/files/jobs/job_1/1/out_1.png');
  });

  it('dies at the millisecond of its expiry', () => {
    expect(reasonOf(() => urls.verify(href, 'GET', later(59_999)))).toBe('accepted');
    expect(reasonOf(() => urls.verify(href, 'GET', later(60_000)))).toBe('expired');
    expect(reasonOf(() => urls.verify(href, 'GET', later(61_000)))).toBe('expired');
  });

  it.each<[string, string, string]>([
    ['method', href, 'PUT'],
    ['method in another case', href, 'get'],
    ['key', altered((u) => (u.pathname = u.pathname.replace('out_1', 'out_2'))), 'GET'],
    ['key, climbing', altered((u) => (u.pathname += '/../out_2.png')), 'GET'],
    ['digest', altered((u) => u.searchParams.set('digest', 'a2'.repeat(32))), 'GET'],
    ['account', altered((u) => u.searchParams.set('account', 'acc_2')), 'GET'],
    [
      'expiry',
      altered((u) => u.searchParams.set('expires', String(later(60_001).getTime()))),
      'GET',
    ],
    ['signature', altered((u) => u.searchParams.set('signature', 'A'.repeat(43))), 'GET'],
    ['short signature', altered((u) => u.searchParams.set('signature', 'AAAA')), 'GET'],
  ])('grants nothing with another %s', (_field, url, method) => {
    expect(reasonOf(() => urls.verify(url, method, now))).toBe('mismatch');
  });

  it.each<[string, string]>([
    ['no signature', altered((u) => u.searchParams.delete('signature'))],
    ['no digest', altered((u) => u.searchParams.delete('digest'))],
    ['a digest that is none', altered((u) => u.searchParams.set('digest', 'a1'))],
    ['no expiry', altered((u) => u.searchParams.delete('expires'))],
    ['two expiries', altered((u) => u.searchParams.append('expires', '9999999999999'))],
    ['an expiry that is no integer', altered((u) => u.searchParams.set('expires', '1e14'))],
    ['no key', altered((u) => (u.pathname = '/api/v1/files/'))],
    ['another path', altered((u) => (u.pathname = '/api/v1/generate'))],
    ['nothing', ''],
  ])('grants nothing with %s', (_what, url) => {
    expect(reasonOf(() => urls.verify(url, 'GET', now))).toBe('malformed');
  });

  it('grants nothing for another spelling of the same signature', () => {
    const links = Array.from({ length: 50 }, (_, n) =>
      urls.sign({ ...grant, key: `jobs/${n}.png` }, now),
    );
    const respelt = links.map((link) =>
      link.replace(/(?<=signature=.*)[-_]/g, (c) => (c === '-' ? '%2B' : '/')),
    );
    expect(respelt).not.toEqual(links);
    for (const [n, link] of respelt.entries()) {
      const expected = link === links[n] ? 'accepted' : 'malformed';
      expect(reasonOf(() => urls.verify(link, 'GET', now))).toBe(expected);
    }
  });

  it('grants nothing when any one character is changed', () => {
    const start = href.indexOf('/jobs');
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: href.length - 1 }),
        fc.constantFrom(...Array.from('abcXYZ019-_./?&=')),
        (at, character) => {
          fc.pre(href[at] !== character);
          const forged = href.slice(0, at) + character + href.slice(at + 1);
          expect(reasonOf(() => urls.verify(forged, 'GET', now))).not.toBe('accepted');
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('lives for more than nothing and for 15 minutes at most', () => {
    const sign = (ms: number) => () => urls.sign({ ...grant, expiresAt: later(ms) }, now);
    expect(sign(15 * 60_000)).not.toThrow();
    expect(sign(15 * 60_000 + 1)).toThrow(RangeError);
    expect(sign(0)).toThrow(RangeError);
    expect(sign(Number.NaN)).toThrow(RangeError);
    const generous = new SignedUrls({ secret: randomBytes(32), baseUrl, maxLifetimeMs: 1e9 });
    expect(() => generous.sign({ ...grant, expiresAt: later(1e6) }, now)).toThrow(RangeError);
  });

  it('is not made for a key, digest or account that could forge the canonical form', () => {
    expect(() => urls.sign({ ...grant, key: 'a\nb' }, now)).toThrow(ObjectKeyRefused);
    expect(() => urls.sign({ ...grant, key: '../a.png' }, now)).toThrow(ObjectKeyRefused);
    expect(() => urls.sign({ ...grant, accountId: 'acc\n1' }, now)).toThrow(RangeError);
    expect(() => urls.sign({ ...grant, digest: 'a1\n' }, now)).toThrow(RangeError);
  });
});

describe('the secrets of signed URLs', () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];

  it('can be replaced while old links live on, until the old secret is dropped', () => {
    const before = new SignedUrls({ secret: old, baseUrl }).sign(grant, now);
    const between = new SignedUrls({ secret: fresh, previousSecrets: [old], baseUrl });
    const after = new SignedUrls({ secret: fresh, baseUrl });
    expect(reasonOf(() => between.verify(before, 'GET', now))).toBe('accepted');
    expect(reasonOf(() => after.verify(between.sign(grant, now), 'GET', now))).toBe('accepted');
    expect(reasonOf(() => after.verify(before, 'GET', now))).toBe('mismatch');
  });

  it('are refused when short', () => {
    expect(() => new SignedUrls({ secret: randomBytes(31), baseUrl })).toThrow(RangeError);
  });
});
