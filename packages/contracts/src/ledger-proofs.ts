import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, digest, instant } from './scalars.js';

/** A head of the ledger as it was signed; see docs/ledger-proofs.md. */
export const ledgerHead = z.object({
  /** Place among all heads, from 1. */
  number: z.int().positive(),
  treeSize: z.int().min(0),
  rootHash: digest,
  /** 0 before the first block. */
  blockHeight: z.int().min(0),
  blockHash: digest,
  signedAt: instant,
  keyId: z.string(),
  /** Ed25519, base64url without padding. */
  signature: z.string(),
});
export type LedgerHead = z.infer<typeof ledgerHead>;

/** Every signed head, the newest first. */
export const listLedgerHeads = operation(
  'billing.list-ledger-heads',
  z.object({
    limit: z.int().min(1).max(100),
    /** Number of the last one seen. */
    before: z.int().positive().nullable(),
  }),
  z.object({ heads: z.array(ledgerHead), next: z.int().nullable() }),
);

const SIGNING_MS = 5_000;

/**
 * The newest head, signed now unless it already covers what was committed before this was asked:
 * asking often signs no more often than the ledger changes.
 */
export const signLedgerHead = operation(
  'billing.sign-ledger-head',
  z.object({}),
  ledgerHead,
  SIGNING_MS,
);

/** Every key that heads were ever signed with (SPKI, base64), the first one first. */
export const getLedgerKeys = operation(
  'billing.get-ledger-keys',
  z.object({}),
  z.object({ keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })) }),
);

/**
 * That an entry of the account stands in the tree of a signed head: of `treeSize` entries, or of the
 * newest. Refusals: `entry.not_found`, `entry.not_sealed` (yet, or not in the newest head yet),
 * `head.unknown` (none of that size), `head.before_entry`.
 */
export const proveLedgerEntry = operation(
  'billing.prove-ledger-entry',
  z.object({ accountId, sequence: z.int().positive(), treeSize: z.int().positive().nullable() }),
  z.object({
    /** The entry as it is stored. */
    leaf: z.string(),
    leafIndex: z.int().min(0),
    path: z.array(digest),
    head: ledgerHead,
  }),
);

/**
 * That the tree of `to` entries begins with the first `from`.
 * Refusal: `tree.smaller {treeSize}`.
 */
export const proveLedgerConsistency = operation(
  'billing.prove-ledger-consistency',
  z.object({ from: z.int().min(0), to: z.int().min(0) }),
  z.object({ path: z.array(digest) }),
);
