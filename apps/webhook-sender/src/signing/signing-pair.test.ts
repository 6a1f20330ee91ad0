import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../test/verifier.js';
import { signedHeaders } from './signed-headers.js';
import { SigningPair } from './signing-pair.js';

const now = new Date('2026-01-01T00:00:00.900Z');
const message = { id: 'evt_1', body: '{"a":"ä"}' };

describe('a signature', () => {
  it('is what the specification says, to the byte', () => {
    const pair = SigningPair.fresh();
    const headers = signedHeaders(message, [pair], now);
    const key = Buffer.from(pair.toText().secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update('evt_1.1767225600.{"a":"ä"}').digest('base64');
    expect(headers).toMatchObject({ 'webhook-id': 'evt_1', 'webhook-timestamp': '1767225600' });
    expect(headers['webhook-signature']?.split(' ')[0]).toBe(`v1,${mac}`);
  });

  it('is good for each live pair in both schemes, and for no other', () => {
    const pairs = [SigningPair.fresh(), SigningPair.fresh()];
    const received = { headers: signedHeaders(message, pairs, now), body: message.body };
    const keys = [...pairs, SigningPair.fresh()].flatMap((pair) => Object.values(pair.toText()));
    expect(keys.map((key) => refusalOf(received, key, now))).toEqual([
      ...Array.from({ length: 4 }, () => undefined),
      'signature',
      'signature',
    ]);
  });
});

describe('a pair at rest', () => {
  const key = createSecretKey(randomBytes(32));

  it('comes back as it was', () => {
    const pair = SigningPair.fresh();
    const back = SigningPair.unsealed(key, pair.sealed(key, 'whk_1'), 'whk_1');
    expect(back.toText()).toEqual(pair.toText());
  });

  it('opens for nobody else, and not when a bit was changed', () => {
    const sealed = SigningPair.fresh().sealed(key, 'whk_1');
    expect(() => SigningPair.unsealed(key, sealed, 'whk_2')).toThrow();
    const ciphertext = Buffer.from(sealed.ciphertext);
    ciphertext[3]! ^= 1;
    expect(() => SigningPair.unsealed(key, { ...sealed, ciphertext }, 'whk_1')).toThrow();
  });
});
