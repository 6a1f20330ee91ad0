import { setTimeout as pause } from 'node:timers/promises';
import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';
import { signedPartOfHead } from './head.js';
import { insertHead, insertKey, readHeads, type StoredHead } from './heads.sql.js';
import type { LedgerKey } from './ledger-key.js';
import { readChainEnd, takeTurn } from './seal.sql.js';
import type { Sealer } from './sealer.js';
import { emptyRoot, noHash } from './tree.js';

/** How long a fresh head waits for database transactions that were under way when it was asked for. */
const PATIENCE_MS = 1_000;
const LOOK_AGAIN_MS = 20;

/** Signs heads: one at least in a given time, and one whenever somebody asks. */
export class Heads {
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealer: Sealer,
    private readonly key: LedgerKey,
  ) {}

  /** Publishes the key, before anything is signed with it. */
  publishKey(): Promise<void> {
    return insertKey(this.pool, this.key);
  }

  /** Seals, and signs a head unless the newest is younger than `everyMs`. */
  async keepUp(everyMs: number): Promise<void> {
    await this.sealer.run();
    // Nothing is worth signing before the first entry.
    if ((await readChainEnd(this.pool)) === undefined) return;
    await this.signUnless(({ newest, now }) => now.getTime() - newest.signedAt.getTime() < everyMs);
  }

  /**
   * The newest head, signed now unless it already covers everything that is sealed. It covers what
   * was committed before this was asked; except where some other database transaction of the same
   * server, begun before, takes longer than a second.
   */
  async current(): Promise<StoredHead> {
    const { rows } = await this.pool.query<{ next: bigint }>(
      'select pg_snapshot_xmax(pg_current_snapshot()) as next',
    );
    const asked = rows[0]?.next ?? 0n;
    const deadline = performance.now() + PATIENCE_MS;
    while ((await this.sealer.run()) < asked && performance.now() < deadline) {
      await pause(LOOK_AGAIN_MS);
    }
    return this.signUnless(({ newest, treeSize }) => newest.treeSize === treeSize);
  }

  /** One process at a time: whoever comes second finds the head of the first. */
  private signUnless(
    enough: (found: { newest: StoredHead; treeSize: number; now: Date }) => boolean,
  ): Promise<StoredHead> {
    return inTransaction(this.pool, async (client) => {
      await client.query(takeTurn);
      const [newest] = await readHeads(client, null, 1);
      const end = await readChainEnd(client);
      const now = await clockOf(client);
      const treeSize = end?.treeSize ?? 0;
      if (newest && enough({ newest, treeSize, now })) return newest;
      const head = {
        treeSize,
        rootHash: end?.rootHash ?? emptyRoot(),
        blockHeight: end?.height ?? 0,
        blockHash: end?.blockHash ?? noHash(),
        signedAt: now,
        keyId: this.key.keyId,
      };
      const signature = this.key.sign(signedPartOfHead(head));
      const signed = { ...head, signature, number: (newest?.number ?? 0) + 1 };
      await insertHead(client, signed);
      return signed;
    });
  }
}

async function clockOf(client: pg.PoolClient): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>(
    `select date_trunc('milliseconds', clock_timestamp()) as now`,
  );
  if (rows[0] === undefined) throw new Error('the database told no time');
  return rows[0].now;
}
