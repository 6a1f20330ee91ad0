import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { PublishedKey } from '../published-key.js';
import { ProofRefused, type ProofFault } from '../refused.js';
import {
  receiptDigest,
  verifyReceipt,
  verifyReceiptLink,
  verifyReceipts,
  type ReceiptLink,
  type SignedReceipt,
} from './receipt.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const spki = publicKey.export({ type: 'spki', format: 'der' });
const keyId = createHash('sha256').update(spki).digest('hex').slice(0, 16);
const keys: PublishedKey[] = [
  { key_id: keyId, algorithm: 'Ed25519', public_key: spki.toString('base64') },
];

/** Signed text spelled out, as the format has it: this does not trust the code under test. */
function receiptOf(n: number, previous: ReceiptLink | null, accountId = 'acc_1'): SignedReceipt {
  const link = previous && `{"decisionId":"${previous.decisionId}","digest":"${previous.digest}"}`;
  const text =
    `{"accountId":"${accountId}","decidedAt":"2026-11-22T03:00:00.000Z","decisionId":"dec_${n}",` +
    `"format":"safelight-receipt-2","jobId":"job_1","keyId":"${keyId}","previous":${String(link)},` +
    `"scores":{"a.b":"low","z":"high"},"stage":"prompt","subjectDigest":"aa","verdict":"pass"}`;
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64url');
  return { ...(JSON.parse(text) as Omit<SignedReceipt, 'signature'>), signature } as SignedReceipt;
}
const linkTo = (one: SignedReceipt) => ({
  decisionId: one.decisionId,
  digest: receiptDigest(one),
});

const first = receiptOf(1, null);
const second = receiptOf(2, linkTo(first));
const third = receiptOf(3, linkTo(second));

function faultOf(run: () => unknown): ProofFault | 'none' {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof ProofRefused) return error.fault;
    throw error;
  }
}

describe('a line of receipts', () => {
  it('is proven, back to the first one', () => {
    expect(verifyReceipt(third, keys).key_id).toBe(keyId);
    expect(verifyReceipts([third, second, first], keys)).toBe(true);
    expect(verifyReceipts([third, second], keys)).toBe(false);
  });

  it.each<[string, ProofFault, readonly SignedReceipt[]]>([
    ['a changed verdict', 'bad_signature', [third, { ...second, verdict: 'block' }, first]],
    ['a changed band', 'bad_signature', [{ ...third, scores: { 'a.b': 'high', z: 'high' } }]],
    ['a field more', 'bad_signature', [{ ...third, note: 'x' }]],
    ['another spelling', 'bad_signature', [{ ...third, signature: `${third.signature}=` }]],
    ['one left out', 'not_linked', [third, first]],
    ['one signed anew', 'not_linked', [third, receiptOf(2, null), first]],
    ['one of another account', 'other_account', [second, receiptOf(1, null, 'acc_2')]],
    ['a key that is not trusted', 'unknown_key', [{ ...third, keyId: 'other' }]],
    ['another format', 'malformed', [{ ...third, format: 'other' as never }]],
    ['no signature', 'malformed', [{ ...third, signature: undefined as never }]],
  ])('is refused with %s', (_, fault, receipts) => {
    expect(faultOf(() => verifyReceipts(receipts, keys))).toBe(fault);
  });

  it('does not go on from what names nothing', () => {
    expect(faultOf(() => verifyReceiptLink(first, second))).toBe('not_linked');
  });
});
