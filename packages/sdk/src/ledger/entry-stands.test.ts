import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { PublishedKey } from '../published-key.js';
import { auditPath, consistencyPath, treeHash } from '../test/naive-tree.js';
import { verifyEntryStands, type Evidence } from './entry-stands.js';
import { verifyConsistency } from './proofs.js';
import { ProofRefused, type ProofFault } from '../refused.js';
import { signedPartOf, verifySignedHead, type SignedHead } from './signed-head.js';

function operator() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const key: PublishedKey = {
    key_id: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    algorithm: 'Ed25519',
    public_key: spki.toString('base64'),
  };
  const headOf = (leaves: readonly Buffer[]): SignedHead => {
    const head = {
      format: 'safelight-ledger-head-1' as const,
      tree_size: leaves.length,
      root_hash: treeHash(leaves).toString('hex'),
      block_height: 3,
      block_hash: 'ab'.repeat(32),
      signed_at: '2026-11-21T12:00:00.000Z',
      key_id: key.key_id,
    };
    return { ...head, signature: sign(null, signedPartOf(head), privateKey).toString('base64url') };
  };
  return { key, headOf };
}

const leafOf = (n: number, amount = 1) =>
  JSON.stringify({ format: 'safelight-ledger-entry-1', id: `hold:${n}`, amount: String(amount) });
const history = (size: number): Buffer[] =>
  Array.from({ length: size }, (_, n) => Buffer.from(leafOf(n)));
const hex = (path: readonly Buffer[]) => path.map((hash) => hash.toString('hex'));

const { key, headOf } = operator();
/** Entry 5, saved when there were 11; told of again when there were 23. */
function evidence(later = history(23)): Evidence {
  const earlier = history(11);
  const inclusion = (leaves: readonly Buffer[]) => ({
    leaf: leaves[5]!.toString(),
    leaf_index: 5,
    tree_size: leaves.length,
    path: hex(auditPath(5, leaves)),
  });
  return {
    keys: [key],
    older: headOf(earlier),
    newer: headOf(later),
    consistency: { from: 11, to: later.length, path: hex(consistencyPath(11, later)) },
    inclusion: inclusion(earlier),
    again: inclusion(later),
  };
}

function faultOf(run: () => unknown): ProofFault | 'none' {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof ProofRefused) return error.fault;
    throw error;
  }
}

describe('an old entry', () => {
  it('is proven to stand', () => {
    expect(verifyEntryStands(evidence())).toMatchObject({ id: 'hold:5', amount: '1' });
  });

  // Every one is signed anew by the operator's own key, with the best proof there is for it.
  it.each<[string, (leaves: Buffer[]) => Buffer[]]>([
    ['the entry changed', (leaves) => leaves.with(5, Buffer.from(leafOf(5, 2)))],
    ['the first entry changed', (leaves) => leaves.with(0, Buffer.from(leafOf(0, 2)))],
    ['the last old entry changed', (leaves) => leaves.with(10, Buffer.from(leafOf(10, 2)))],
    ['an old entry removed', (leaves) => leaves.toSpliced(3, 1)],
    ['an entry put among the old', (leaves) => leaves.toSpliced(3, 0, Buffer.from(leafOf(99)))],
    ['two old entries exchanged', (leaves) => leaves.with(2, leaves[3]!).with(3, leaves[2]!)],
  ])('is refused in a history with %s', (_, rewrite) => {
    const forged = evidence(rewrite(history(23)));
    expect(faultOf(() => verifyEntryStands(forged))).toBe('not_consistent');
  });

  it.each<[ProofFault, (sound: Evidence) => Evidence]>([
    ['unknown_key', (sound) => ({ ...sound, keys: [operator().key] })],
    ['malformed', (sound) => ({ ...sound, keys: [{ ...operator().key, key_id: key.key_id }] })],
    ['bad_signature', (sound) => ({ ...sound, older: { ...sound.older, block_height: 4 } })],
    ['bad_signature', (sound) => ({ ...sound, newer: { ...sound.newer, signature: '' } })],
    ['malformed', (sound) => ({ ...sound, newer: { ...sound.newer, tree_size: 23.5 } })],
    ['malformed', (sound) => ({ ...sound, older: { ...sound.older, root_hash: 'AB' } })],
    ['other_tree', (sound) => ({ ...sound, inclusion: { ...sound.inclusion, tree_size: 12 } })],
    ['not_included', (sound) => ({ ...sound, inclusion: { ...sound.inclusion, leaf_index: 4 } })],
    ['not_included', (sound) => ({ ...sound, inclusion: { ...sound.inclusion, leaf: leafOf(6) } })],
    ['other_tree', (sound) => ({ ...sound, consistency: { ...sound.consistency, from: 10 } })],
    ['not_consistent', (sound) => ({ ...sound, consistency: { ...sound.consistency, path: [] } })],
    ['malformed', (sound) => ({ ...sound, consistency: { ...sound.consistency, path: ['x'] } })],
  ])('is refused as %s', (fault, broken) => {
    expect(faultOf(() => verifyEntryStands(broken(evidence())))).toBe(fault);
  });

  it('is refused when the later proof is of another entry', () => {
    const later = history(23);
    const again = {
      ...{ leaf: leafOf(6), leaf_index: 6, tree_size: 23 },
      path: hex(auditPath(6, later)),
    };
    expect(faultOf(() => verifyEntryStands({ ...evidence(), again }))).toBe('other_entry');
  });
});

it('takes every tree for one that continues the empty one, and only that', () => {
  const [empty, some] = [headOf([]), headOf(history(4))];
  verifySignedHead(empty, [key]);
  verifyConsistency({ from: 0, to: 4, path: [] }, empty, some);
  const forged = { ...empty, root_hash: some.root_hash };
  const proof = { from: 0, to: 4, path: [] };
  expect(faultOf(() => verifyConsistency(proof, forged, some))).toBe('not_consistent');
});
