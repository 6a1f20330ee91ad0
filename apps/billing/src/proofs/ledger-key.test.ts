import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@safelight/config';
import { createLedgerKey, LedgerKey } from './ledger-key.js';

/** RFC 8032, section 7.1, test 1: a private key that everybody has. */
const published = Buffer.from(
  '302e020100300506032b657004220420' +
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  'hex',
);
const pemOf = (der: Buffer) =>
  `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });

describe('the ledger’s key', () => {
  it('signs what its published half verifies', () => {
    const key = LedgerKey.of(createLedgerKey());
    const publicKey = createPublicKey({ key: key.publicKey, format: 'der', type: 'spki' });
    const bytes = Buffer.from('a head');
    expect(verify(null, bytes, publicKey, key.sign(bytes))).toBe(true);
    expect(key.keyId).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['an example of RFC 8032', pemOf(published), 'is a published example'],
    ['nothing', '', 'is no private key'],
    ['a secret that is none', 'changeme', 'is no private key'],
    ['another kind', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'is no Ed25519 key'],
  ])('is not %s', (_, pem, complaint) => {
    const making = () => LedgerKey.of(pem as string);
    expect(making).toThrow(ConfigError);
    expect(making).toThrow(`LEDGER_KEY_FILE: ${complaint}`);
  });

  it('says which file cannot be read', async () => {
    await expect(LedgerKey.fromFile('/nowhere/key.pem')).rejects.toThrow('/nowhere/key.pem');
  });
});
