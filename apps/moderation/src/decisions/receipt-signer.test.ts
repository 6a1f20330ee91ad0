import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '@safelight/contracts';
import {
  canonicalJson,
  newId,
  receipt as receiptSchema,
  verifyReceipt,
} from '@safelight/contracts';
import fc from 'fast-check';
import type { Unsigned } from './receipt-signer.js';
import { createReceiptKey, ReceiptKeyError, ReceiptSigner } from './receipt-signer.js';

const signer = ReceiptSigner.of(createReceiptKey());
const publicKeyOf = ({ publicKey }: ReceiptSigner) =>
  createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
const key = publicKeyOf(signer);
const decision = {
  stage: 'output',
  verdict: 'block',
  jobId: newId('job'),
  accountId: newId('acc'),
  subjectDigest: 'ab'.repeat(32),
  policyVersion: '2026-11-1',
  policyDigest: 'cd'.repeat(32),
  ruleId: 'D1',
  category: 'explicit',
  confidence: 99,
  classifiers: ['one/1', 'two/2'],
  hashBanks: ['no external bank loaded'],
  format: 'safelight-receipt-2',
  decisionId: newId('dec'),
  action: 'refuse',
  scores: { 'output.nudity': 'high', 'output.face': 'low' },
  decidedAt: '2026-11-21T12:00:00.000Z',
  appealUntil: '2027-05-21T12:00:00.000Z',
  previous: { decisionId: newId('dec'), digest: '12'.repeat(32) },
} as const satisfies Unsigned;
const receipt = signer.receiptOf(decision);

describe('a receipt', () => {
  it('is as the contract says, and verifies, also after a trip over the wire', () => {
    expect(receiptSchema.parse(receipt)).toEqual(receipt);
    expect(verifyReceipt(key, receipt)).toBe(true);
    const travelled = receiptSchema.parse(JSON.parse(JSON.stringify(receipt)));
    expect(verifyReceipt(key, travelled)).toBe(true);
  });

  it('verifies whatever the words in it are', () => {
    const word = fc.string({ unit: 'binary' });
    const fields = { category: fc.option(word), policyVersion: word, classifiers: fc.array(word) };
    fc.assert(
      fc.property(fc.record(fields), (words) => {
        expect(verifyReceipt(key, signer.receiptOf({ ...decision, ...words }))).toBe(true);
      }),
    );
  });

  const changes: Record<keyof Receipt, unknown> = {
    format: undefined,
    action: 'hold',
    scores: { 'output.nudity': 'low', 'output.face': 'low' },
    appealUntil: null,
    previous: { decisionId: newId('dec'), digest: '12'.repeat(32) },
    decisionId: newId('dec'),
    stage: 'prompt',
    verdict: 'pass',
    jobId: newId('job'),
    accountId: newId('acc'),
    subjectDigest: 'ef'.repeat(32),
    policyVersion: '2026-11-2',
    policyDigest: 'ef'.repeat(32),
    ruleId: null,
    category: null,
    confidence: 98,
    classifiers: ['one/1'],
    hashBanks: [],
    decidedAt: '2026-11-21T12:00:00.001Z',
    keyId: '0'.repeat(16),
    signature: Buffer.alloc(64).toString('base64url'),
  };

  it('has no field that the tampering test forgets', () => {
    expect(Object.keys(changes).sort()).toEqual(Object.keys(receiptSchema.shape).sort());
  });

  it.each(Object.entries(changes))('does not verify with another %s', (field, value) => {
    expect(verifyReceipt(key, { ...receipt, [field]: value })).toBe(false);
  });

  it('does not verify with a field more or less', () => {
    const less: Partial<Receipt> = { ...receipt };
    delete less.category;
    expect(verifyReceipt(key, { ...receipt, note: 'x' } as Receipt)).toBe(false);
    expect(verifyReceipt(key, less as Receipt)).toBe(false);
  });

  it('has one spelling of its signature', () => {
    const last = receipt.signature.at(-1)!;
    const twin = receipt.signature.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
    for (const signature of [twin, `${receipt.signature}=`, `${receipt.signature} `, '']) {
      expect(verifyReceipt(key, { ...receipt, signature })).toBe(false);
    }
  });

  it('does not verify by another key', () => {
    expect(verifyReceipt(publicKeyOf(ReceiptSigner.of(createReceiptKey())), receipt)).toBe(false);
  });
});

describe('a receipt key', () => {
  it('has the same id and public half each time it is read', () => {
    const pem = createReceiptKey();
    const [first, second] = [ReceiptSigner.of(pem), ReceiptSigner.of(pem)];
    expect(first.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect([second.keyId, second.publicKey]).toEqual([first.keyId, first.publicKey]);
  });

  it('must be there, and must be Ed25519', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    expect(() => ReceiptSigner.of(other)).toThrow(ReceiptKeyError);
    expect(() => ReceiptSigner.of('')).toThrow(ReceiptKeyError);
    await expect(ReceiptSigner.fromFile('/nonexistent/key.pem')).rejects.toThrow(
      'RECEIPT_KEY_FILE',
    );
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys, keeps that of lists, and reads back as the same', () => {
    expect(canonicalJson({ b: [2, 1, { d: null, c: 'é"' }], a: undefined })).toBe(
      '{"b":[2,1,{"c":"é\\"","d":null}]}',
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        // -0 is 0 in JSON.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([Number.NaN, Infinity, 1n, () => 1])('refuses %p', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  });
});
