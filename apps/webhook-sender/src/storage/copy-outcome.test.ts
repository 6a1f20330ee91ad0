import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from '@safelight/egress';
import { outcomeOfAnswer, outcomeOfFailure } from './copy-outcome.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const answered = (status: number, code = '', headers: Record<string, string> = {}) => {
  const body = code === '' ? '' : `<Error><Code>${code}</Code><Message>secret</Message></Error>`;
  return { status, headers, body: Buffer.from(body), url: 'https://x.example/' };
};
const found = (status: number, code = '') => {
  const outcome = outcomeOfAnswer(answered(status, code), now);
  return outcome.kind === 'delivered' ? ['delivered'] : [outcome.kind, outcome.code];
};

describe('an answer of a store', () => {
  it.each([
    [200, '', ['delivered']],
    [204, '', ['delivered']],
    [404, 'NoSuchBucket', ['lasting', 'bucket_missing']],
    [403, 'AccessDenied', ['lasting', 'access_denied']],
    [403, '', ['lasting', 'access_denied']],
    [301, 'PermanentRedirect', ['lasting', 'wrong_region']],
    [301, '', ['lasting', 'wrong_region']],
    [400, 'AuthorizationHeaderMalformed', ['lasting', 'wrong_region']],
    [307, 'TemporaryRedirect', ['passing', 'bucket_busy']],
    [503, 'SlowDown', ['passing', 'bucket_busy']],
    [500, '', ['passing', 'bucket_busy']],
    [429, '', ['passing', 'bucket_busy']],
    [403, 'SignatureDoesNotMatch', ['passing', 'identity_refused']],
    [403, 'RequestTimeTooSkewed', ['passing', 'identity_refused']],
    [400, 'EntityTooLarge', ['lasting', 'bucket_refused']],
    [404, '', ['lasting', 'bucket_refused']],
  ] as const)('%i %s', (status, code, expected) => {
    expect(found(status, code)).toEqual(expected);
  });

  it('is told without its own words, but for the name of the error', () => {
    const outcome = outcomeOfAnswer(answered(404, 'NoSuchBucket'), now);
    expect(outcome).toMatchObject({
      message:
        'there is no such bucket; make it, or name another (the store answered 404 NoSuchBucket)',
    });
    expect(JSON.stringify(outcomeOfAnswer(answered(418, '<b>x'), now))).not.toContain('<b>');
  });

  it('may ask for patience', () => {
    const busy = answered(503, 'SlowDown', { 'retry-after': '90' });
    expect(outcomeOfAnswer(busy, now)).toMatchObject({ askedMs: 90_000 });
  });
});

describe('a store that could not be asked', () => {
  it.each([
    [new EgressRefused('egress.no_address'), 'lasting', 'wrong_region'],
    [new EgressRefused('egress.redirect_refused', { status: 301 }), 'lasting', 'wrong_region'],
    [new EgressRefused('egress.redirect_refused', { status: 307 }), 'passing', 'bucket_busy'],
    [new EgressRefused('egress.timeout'), 'passing', 'bucket_unreachable'],
    [new EgressRefused('egress.address_not_public'), 'passing', 'bucket_unreachable'],
  ])('%s', (error, kind, code) => {
    expect(outcomeOfFailure(error)).toMatchObject({ kind, code });
  });

  it('has taken the object when its yes was only too long', () => {
    const error = new EgressRefused('egress.too_large', { status: 200 });
    expect(outcomeOfFailure(error)).toEqual({ kind: 'delivered' });
  });

  it('is not made of a fault of ours', () => {
    expect(() => outcomeOfFailure(new TypeError('ours'))).toThrow('ours');
  });
});
