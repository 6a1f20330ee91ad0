import { describe, expect, it } from '@jest/globals';
import { AnswerSeal } from './answer-seal.js';

const seal = new AnswerSeal(Buffer.alloc(32, 1));
const claimed = { accountId: 'acc_a', key: 'k', route: 'POST /api/v1/keys' };
const body = Buffer.from('{"data":{"key":"sl_live_secret"}}');

describe('a sealed answer', () => {
  it('opens to the byte, and shows nothing of what it says', () => {
    const sealed = seal.seal(claimed, body);
    expect(seal.open(claimed, sealed)).toEqual(body);
    expect(sealed.toString('latin1')).not.toContain('sl_live');
    expect(seal.open(claimed, seal.seal(claimed, Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  it('differs at every sealing', () => {
    expect(seal.seal(claimed, body)).not.toEqual(seal.seal(claimed, body));
  });

  it.each([
    ['for another account', { accountId: 'acc_b' }],
    ['for another key', { key: 'l' }],
    ['on another route', { route: 'POST /api/v1/generate' }],
  ])('does not open %s', (_, other) => {
    expect(seal.open({ ...claimed, ...other }, seal.seal(claimed, body))).toBeUndefined();
  });

  it('does not open with another secret, nor once a bit of it was changed', () => {
    const sealed = seal.seal(claimed, body);
    expect(new AnswerSeal(Buffer.alloc(32, 2)).open(claimed, sealed)).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(seal.open(claimed, altered)).toBeUndefined();
    }
    expect(seal.open(claimed, sealed.subarray(0, 20))).toBeUndefined();
  });
});
