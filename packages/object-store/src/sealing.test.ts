import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seal, unseal } from './sealing.js';

const key = createSecretKey(randomBytes(32));

describe('sealing', () => {
  it('opens to what was sealed, for its owner only', () =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.string(), (plain, owner, other) => {
        const sealed = seal(key, plain, owner);
        expect(unseal(key, sealed, owner)).toEqual(Buffer.from(plain));
        if (Buffer.from(other).equals(Buffer.from(owner))) return;
        expect(() => unseal(key, sealed, other)).toThrow();
      }),
    ));

  it('notices any changed bit, and another key', () => {
    const sealed = seal(key, Buffer.from('words'), 'job');
    for (let bit = 0; bit < sealed.ciphertext.length * 8; bit += 1) {
      const ciphertext = Buffer.from(sealed.ciphertext);
      ciphertext.writeUInt8(ciphertext.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => unseal(key, { ...sealed, ciphertext }, 'job')).toThrow();
    }
    const other = createSecretKey(randomBytes(32));
    expect(() => unseal(other, sealed, 'job')).toThrow();
  });

  it('never says the same twice', () => {
    const twice = [seal(key, Buffer.from('a'), 'job'), seal(key, Buffer.from('a'), 'job')];
    expect(twice[0]?.ciphertext).not.toEqual(twice[1]?.ciphertext);
  });
});
