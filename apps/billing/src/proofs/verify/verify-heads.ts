import { createPublicKey, verify } from 'node:crypto';
import type pg from 'pg';
import { signedPartOfHead } from '../head.js';
import { readHeadsAfter, readKeys, type StoredHead, type StoredKey } from '../heads.sql.js';
import { keyIdOf } from '../ledger-key.js';
import { emptyRoot, noHash } from '../tree.js';
import type { Difference } from './difference.js';
import { readBlockOfSize } from './history.sql.js';

const PAGE = 500;

/**
 * Whether every head is signed, by a key that is published or by one of those given, and tells what
 * the blocks say.
 */
export async function verifyHeads(
  db: pg.Pool,
  trusted: readonly StoredKey[] | undefined,
): Promise<{ heads: number; differences: Difference[] }> {
  const keys = trusted ?? (await readKeys(db));
  const differences: Difference[] = [];
  let heads = 0;
  for (let page: StoredHead[] | undefined; page?.length !== 0;) {
    page = await readHeadsAfter(db, heads, PAGE);
    for (const head of page) {
      heads += 1;
      const what = faultIn(head, heads, keys) ?? (await otherThanBlocks(db, head));
      if (what === undefined) continue;
      differences.push({
        what: `head ${head.number} ${what}`,
        block: head.blockHeight,
        entry: null,
      });
      if (head.number !== heads) return { heads, differences };
    }
  }
  return { heads, differences };
}

function faultIn(head: StoredHead, number: number, keys: readonly StoredKey[]): string | undefined {
  if (head.number !== number) return `stands where head ${number} is gone`;
  const key = keys.find(({ keyId }) => keyId === head.keyId);
  if (key === undefined) return `is signed with the unknown key ${head.keyId}`;
  if (keyIdOf(key.publicKey) !== key.keyId)
    return `is signed with ${key.keyId}, which was replaced`;
  const publicKey = createPublicKey({ key: key.publicKey, format: 'der', type: 'spki' });
  return verify(null, signedPartOfHead(head), publicKey, head.signature)
    ? undefined
    : 'is not what was signed';
}

/** Blocks are compared with the entries themselves elsewhere. */
export async function otherThanBlocks(
  db: pg.Pool,
  head: Pick<StoredHead, 'treeSize' | 'rootHash' | 'blockHeight' | 'blockHash'>,
): Promise<string | undefined> {
  const block =
    head.treeSize === 0
      ? { height: 0, rootHash: emptyRoot(), blockHash: noHash() }
      : await readBlockOfSize(db, head.treeSize);
  if (block === undefined) return `covers ${head.treeSize} entries, at which no block ends`;
  const same =
    block.height === head.blockHeight &&
    block.rootHash.equals(head.rootHash) &&
    block.blockHash.equals(head.blockHash);
  return same ? undefined : `says another root of ${head.treeSize} entries than the blocks do`;
}
