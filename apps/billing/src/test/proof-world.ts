import type { ConsistencyProof, InclusionProof, PublishedKey, SignedHead } from '@safelight/sdk';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { Ledger } from '../ledger/ledger.writer.js';
import { Heads } from '../proofs/heads.js';
import { readKeys, type StoredHead } from '../proofs/heads.sql.js';
import { createLedgerKey, LedgerKey } from '../proofs/ledger-key.js';
import { proveConsistency, proveInclusion } from '../proofs/prover.js';
import { Sealer } from '../proofs/sealer.js';
import type { BillingDatabases } from './billing-database.js';
import { capture, grant, hold } from './commands.js';

/** A ledger of its own with what seals and proves it. */
export interface ProofWorld {
  readonly url: string;
  readonly pool: pg.Pool;
  /** A superuser's, for looking behind the guards. */
  readonly admin: pg.Pool;
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly heads: Heads;
  keys(): Promise<PublishedKey[]>;
  inclusion(accountId: string, sequence: number, size?: number): Promise<InclusionProof>;
  consistency(from: number, to: number): Promise<ConsistencyProof>;
  close(): Promise<void>;
}

export async function proofWorld(
  databases: BillingDatabases,
  { mostInBlock = 7, key = createLedgerKey() }: { mostInBlock?: number; key?: string } = {},
): Promise<ProofWorld> {
  const { url, adminUrl } = await databases.create();
  const pool = createPool({ url, applicationName: 'test', indexesOnly: true });
  const admin = createPool({ url: adminUrl, applicationName: 'test' });
  const sealer = new Sealer(pool, mostInBlock);
  const heads = new Heads(pool, sealer, LedgerKey.of(key));
  await heads.publishKey();
  return {
    ...{ url, pool, admin, sealer, heads },
    ledger: new Ledger({ pool }),
    keys: async () =>
      (await readKeys(pool)).map(({ keyId, publicKey }) => ({
        key_id: keyId,
        algorithm: 'Ed25519',
        public_key: publicKey.toString('base64'),
      })),
    inclusion: async (accountId, sequence, size) => {
      const proof = await proveInclusion(pool, accountId, sequence, size ?? null);
      const path = proof.path.map((hash) => hash.toString('hex'));
      const { leaf, leafIndex, head } = proof;
      return { leaf, leaf_index: leafIndex, tree_size: head.treeSize, path };
    },
    consistency: async (from, to) => {
      const path = (await proveConsistency(pool, from, to)).map((hash) => hash.toString('hex'));
      return { from, to, path };
    },
    close: async () => {
      await Promise.all([pool.end(), admin.end()]);
    },
  };
}

/** A head as the API tells it. */
export const told = (head: StoredHead): SignedHead => ({
  format: 'safelight-ledger-head-1',
  tree_size: head.treeSize,
  root_hash: head.rootHash.toString('hex'),
  block_height: head.blockHeight,
  block_hash: head.blockHash.toString('hex'),
  signed_at: head.signedAt.toISOString(),
  key_id: head.keyId,
  signature: head.signature.toString('base64url'),
});

/** Three transactions: a grant, a hold, and its capture in part. */
export async function live(ledger: Ledger, accountId: string): Promise<void> {
  await ledger.execute(grant(accountId, 10n));
  await ledger.execute(hold(`job-${accountId}`, accountId, { priceMicros: 4n }));
  await ledger.execute(capture(`job-${accountId}`, 1, 2));
}
