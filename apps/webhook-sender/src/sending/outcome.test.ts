import { describe, expect, it } from '@jest/globals';
import { EgressRefused } from '@safelight/egress';
import { outcomeOfAnswer, outcomeOfFailure } from './outcome.js';

const at = { tries: 1, now: new Date('2026-01-01T00:00:00.000Z'), random: 0 };
const answer = (status: number, headers = {}) => outcomeOfAnswer({ status, headers }, at);

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i acknowledges', (status) => {
    expect(answer(status)).toEqual({ kind: 'acknowledged', status, error: null, nextAt: null });
  });

  it.each([300, 304, 400, 401, 404, 408, 409, 429, 500, 502, 503])('of %i does not', (status) => {
    expect(answer(status)).toMatchObject({
      kind: 'failed',
      status,
      nextAt: new Date('2026-01-01T00:00:05.000Z'),
    });
  });

  it('of 410 ends it', () => {
    expect(answer(410)).toMatchObject({ kind: 'gone', nextAt: null });
  });

  it.each([429, 503])('of %i may ask for patience', (status) => {
    expect(answer(status, { 'retry-after': '90' }).nextAt).toEqual(
      new Date('2026-01-01T00:01:30.000Z'),
    );
  });

  it('of 500 may not', () => {
    expect(answer(500, { 'retry-after': '90' }).nextAt).toEqual(
      new Date('2026-01-01T00:00:05.000Z'),
    );
  });
});

describe('no answer', () => {
  it('is a failure told in words for its owner', () => {
    const error = new EgressRefused('egress.timeout', { limit: '15000 ms' });
    expect(outcomeOfFailure(error, at)).toMatchObject({
      kind: 'failed',
      status: null,
      error: error.message,
    });
  });

  it('but a redirect is a failure with its status', () => {
    const error = new EgressRefused('egress.redirect_refused', { status: 302 });
    expect(outcomeOfFailure(error, at)).toMatchObject({ kind: 'failed', status: 302 });
  });

  it('but a yes that goes on too long is a yes', () => {
    const yes = new EgressRefused('egress.too_large', { status: 200 });
    expect(outcomeOfFailure(yes, at).kind).toBe('acknowledged');
    const no = new EgressRefused('egress.too_large', { status: 500 });
    expect(outcomeOfFailure(no, at).kind).toBe('failed');
  });

  it('for a fault of ours is no outcome', () => {
    expect(() => outcomeOfFailure(new TypeError('ours'), at)).toThrow('ours');
  });
});
