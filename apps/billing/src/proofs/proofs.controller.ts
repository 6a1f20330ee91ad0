import { Controller, Inject } from '@nestjs/common';
import type { LedgerHead } from '@safelight/contracts';
import {
  getLedgerKeys,
  listLedgerHeads,
  proveLedgerConsistency,
  proveLedgerEntry,
  signLedgerHead,
} from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type pg from 'pg';
import type { z } from 'zod';
import { POOL } from '../pool.token.js';
import { Heads } from './heads.js';
import { readHeads, readKeys, type StoredHead } from './heads.sql.js';
import { proveConsistency, proveInclusion } from './prover.js';

/** What shows customers that the ledger is what it was. */
@Controller()
export class ProofsController {
  constructor(
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(Heads) private readonly heads: Heads,
  ) {}

  @Answers(listLedgerHeads)
  async list({
    limit,
    before,
  }: z.output<typeof listLedgerHeads.request>): Promise<z.input<typeof listLedgerHeads.reply>> {
    const heads = await readHeads(this.pool, before, limit);
    const lowest = heads.at(-1)?.number;
    const next = lowest === undefined || lowest === 1 ? null : lowest;
    return { heads: heads.map(present), next };
  }

  @Answers(signLedgerHead)
  async sign(): Promise<z.input<typeof signLedgerHead.reply>> {
    return present(await this.heads.current());
  }

  @Answers(getLedgerKeys)
  async keys(): Promise<z.input<typeof getLedgerKeys.reply>> {
    const keys = await readKeys(this.pool);
    return {
      keys: keys.map(({ keyId, publicKey }) => ({
        keyId,
        publicKey: publicKey.toString('base64'),
      })),
    };
  }

  @Answers(proveLedgerEntry)
  async entry({
    accountId,
    sequence,
    treeSize,
  }: z.output<typeof proveLedgerEntry.request>): Promise<z.input<typeof proveLedgerEntry.reply>> {
    const { leaf, leafIndex, path, head } = await proveInclusion(
      this.pool,
      accountId,
      sequence,
      treeSize,
    );
    return { leaf, leafIndex, path: path.map(hex), head: present(head) };
  }

  @Answers(proveLedgerConsistency)
  async consistency({
    from,
    to,
  }: z.output<typeof proveLedgerConsistency.request>): Promise<
    z.input<typeof proveLedgerConsistency.reply>
  > {
    return { path: (await proveConsistency(this.pool, from, to)).map(hex) };
  }
}

const hex = (hash: Buffer): string => hash.toString('hex');

const present = (head: StoredHead): LedgerHead => ({
  number: head.number,
  treeSize: head.treeSize,
  rootHash: hex(head.rootHash),
  blockHeight: head.blockHeight,
  blockHash: hex(head.blockHash),
  signedAt: head.signedAt.toISOString(),
  keyId: head.keyId,
  signature: head.signature.toString('base64url'),
});
