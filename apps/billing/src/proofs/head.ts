import { hash } from 'node:crypto';
import { canonicalJson } from '@safelight/contracts';

/** A block of the chain: which entries it closed over, and the block before it. */
export interface BlockFacts {
  /** From 1. */
  readonly height: number;
  /** Leaves of the tree with this block. */
  readonly treeSize: number;
  readonly rootHash: Buffer;
  /** Of the block before; zeros for the first. */
  readonly previousHash: Buffer;
  /** Every database transaction below this number had ended; exclusive end of what is sealed. */
  readonly horizon: bigint;
  readonly sealedAt: Date;
}

/** SHA-256 of the block's facts as JSON with sorted names (RFC 8785). */
export function blockHash(block: BlockFacts): Buffer {
  const facts = {
    format: 'safelight-ledger-block-1',
    height: block.height,
    horizon: block.horizon.toString(),
    previous_hash: block.previousHash.toString('hex'),
    root_hash: block.rootHash.toString('hex'),
    sealed_at: block.sealedAt.toISOString(),
    tree_size: block.treeSize,
  };
  return hash('sha256', canonicalJson(facts), 'buffer');
}

/** What a head says, before it is signed. */
export interface HeadFacts {
  readonly treeSize: number;
  readonly rootHash: Buffer;
  /** 0 and zeros before the first block. */
  readonly blockHeight: number;
  readonly blockHash: Buffer;
  readonly signedAt: Date;
  readonly keyId: string;
}

/** What the signature of a head covers: its fields as JSON with sorted names (RFC 8785). */
export const signedPartOfHead = (head: HeadFacts): Buffer =>
  Buffer.from(
    canonicalJson({
      format: 'safelight-ledger-head-1',
      block_hash: head.blockHash.toString('hex'),
      block_height: head.blockHeight,
      key_id: head.keyId,
      root_hash: head.rootHash.toString('hex'),
      signed_at: head.signedAt.toISOString(),
      tree_size: head.treeSize,
    }),
  );
