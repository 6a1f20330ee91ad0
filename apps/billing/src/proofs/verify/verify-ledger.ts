import { createPool, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { reconcile } from '../../ledger/reconciliation.sql.js';
import type { StoredHead, StoredKey } from '../heads.sql.js';
import type { Difference } from './difference.js';
import {
  countUnsealed,
  readBlocks,
  readInserted,
  readLoose,
  readUnsound,
  type StrayRow,
} from './history.sql.js';
import { otherThanBlocks, verifyHeads } from './verify-heads.js';
import { HistoryWalk } from './walk.js';

const BLOCK_PAGE = 100;
/** Of each kind: who finds as many has to look at the first. */
const MOST_TOLD = 10;

export interface VerifyOptions {
  /** Connects whoever may read the ledger. */
  readonly url: string;
  /** Keys that the heads must be signed with; those that the database itself names if left out. */
  readonly keys?: readonly StoredKey[];
  /** Heads that were kept elsewhere, whose signatures are known to be good. */
  readonly saved?: readonly Pick<
    StoredHead,
    'treeSize' | 'rootHash' | 'blockHeight' | 'blockHash'
  >[];
  /** Told after each block how many entries have been recomputed. */
  readonly onProgress?: (entries: number) => void;
}

export interface Verdict {
  readonly entries: number;
  readonly blocks: number;
  readonly heads: number;
  readonly unsealed: number;
  /** In the order of history, the first first; empty for a sound ledger. */
  readonly differences: readonly Difference[];
}

/**
 * Recomputes the whole history from the stored rows and compares it with its blocks and heads, then
 * looks for rows that no block knows. Reads page by page: its memory does not grow with the ledger.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verdict> {
  const pool = createPool({ url: options.url, applicationName: 'ledger verify', max: 1 });
  try {
    return await verifyOn(pool, options);
  } finally {
    await pool.end();
  }
}

async function verifyOn(pool: pg.Pool, options: VerifyOptions): Promise<Verdict> {
  const walk = new HistoryWalk(pool);
  const { blocks, differences, lost } = await walkAll(pool, walk, options.onProgress);
  if (!lost) {
    differences.push(...told(await readInserted(pool, walk.horizon, MOST_TOLD), INSERTED));
    differences.push(...told(await readLoose(pool, walk.entries, MOST_TOLD), LOOSE));
    differences.push(...told(await readUnsound(pool, walk.horizon, MOST_TOLD), UNSOUND));
  }
  differences.push(...(await inBalances(pool)));
  const { heads, differences: inHeads } = await verifyHeads(pool, options.keys);
  differences.push(...inHeads);
  for (const head of options.saved ?? []) {
    const what = await otherThanBlocks(pool, head);
    if (what === undefined) continue;
    differences.push({
      what: `the ledger has another history: the saved head ${what}`,
      block: head.blockHeight,
      entry: null,
    });
  }
  const unsealed = await countUnsealed(pool, walk.horizon);
  return { entries: walk.entries, blocks, heads, unsealed, differences };
}

/** Whether the ledger is right in itself, sealed or not. */
async function inBalances(pool: pg.Pool): Promise<Difference[]> {
  const found = Object.entries(await reconcile(kyselyOn(pool)));
  // A hold that nobody resolved in time was forgotten, not forged.
  return found
    .filter(([name, value]) => name !== 'overdueHolds' && BigInt(value as bigint | number) !== 0n)
    .map(([name, value]) => ({
      what: `it does not add up: ${name} is ${String(value)}, and should be 0`,
      block: null,
      entry: null,
    }));
}

const INSERTED = 'it was added behind the seal, after its block was closed';
const LOOSE = 'it has a leaf beyond the last block';
const UNSOUND = 'it is not sealed yet, and does not continue its account';

async function walkAll(
  pool: pg.Pool,
  walk: HistoryWalk,
  onProgress: VerifyOptions['onProgress'],
): Promise<{ blocks: number; differences: Difference[]; lost: boolean }> {
  const differences: Difference[] = [];
  let [blocks, above] = [0, 0];
  for (;;) {
    const page = await readBlocks(pool, above, BLOCK_PAGE);
    if (page.length === 0) return { blocks, differences, lost: false };
    for (const block of page) {
      const found = await walk.block(block);
      const room = Math.max(0, MOST_TOLD - differences.length);
      differences.push(...found.differences.slice(0, room));
      blocks += 1;
      above = block.height;
      onProgress?.(walk.entries);
      if (found.lost) return { blocks, differences, lost: true };
    }
  }
}

const told = (rows: readonly StrayRow[], what: string): Difference[] =>
  rows.map(({ id, accountId, sequence, position, height }) => ({
    what,
    block: height === null ? null : Number(height),
    entry: {
      id,
      accountId,
      sequence: sequence === null ? null : Number(sequence),
      position: position === null ? null : Number(position),
    },
  }));
