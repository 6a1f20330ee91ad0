import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import type {
  ConsistencyQuery,
  InclusionQuery,
  LedgerHead,
  LedgerHeadResource,
  LedgerHeadsQuery,
} from '@safelight/contracts';
import {
  consistencyQuery,
  encodeHeadCursor,
  getLedgerKeys,
  inclusionQuery,
  ledgerHeadsQuery,
  listLedgerHeads,
  proveLedgerConsistency,
  proveLedgerEntry,
  signLedgerHead,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, Public, TheCaller } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import type { Caller } from '../admission/scope.js';

const PER_MINUTE = 60;

/** That an account's entries stand in the ledger, shown to the account. */
@Controller('api/v1/account/ledger')
@Needs('account:read')
export class EntryProofsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get('inclusion')
  async inclusion(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: inclusionQuery }) { sequence, tree_size }: InclusionQuery,
  ) {
    const asked = { accountId, sequence, treeSize: tree_size ?? null };
    const { leaf, leafIndex, path, head } = await this.services.request(proveLedgerEntry, asked);
    const proof = { leaf, leaf_index: leafIndex, tree_size: head.treeSize, path };
    return { data: { ...proof, head: present(head) }, meta: {} };
  }

  @Post('heads')
  @HttpCode(201)
  async sign() {
    return { data: present(await this.services.request(signLedgerHead, {})), meta: {} };
  }
}

/** What anybody may hold the ledger against: signed heads, and that one continues another. */
@Controller('api/v1/ledger')
export class LedgerHeadsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get('heads')
  @Public()
  @PerAddress(PER_MINUTE)
  async heads(@Query({ schema: ledgerHeadsQuery }) { limit, cursor }: LedgerHeadsQuery) {
    const asked = { limit, before: cursor ?? null };
    const { heads, next } = await this.services.request(listLedgerHeads, asked);
    const next_cursor = next === null ? null : encodeHeadCursor(next);
    return { data: heads.map(present), meta: { next_cursor } };
  }

  @Get('keys')
  @Public()
  @PerAddress(PER_MINUTE)
  async keys() {
    const { keys } = await this.services.request(getLedgerKeys, {});
    const data = keys.map(({ keyId, publicKey }) => ({
      ...{ key_id: keyId, algorithm: 'Ed25519', public_key: publicKey },
      signs: SIGNED,
    }));
    return { data, meta: {} };
  }

  @Get('consistency')
  @Public()
  @PerAddress(PER_MINUTE)
  async consistency(@Query({ schema: consistencyQuery }) { from, to }: ConsistencyQuery) {
    const { path } = await this.services.request(proveLedgerConsistency, { from, to });
    return { data: { from, to, path }, meta: {} };
  }
}

const SIGNED = 'every field of the head but signature, as JSON with sorted keys (RFC 8785)';

const present = (head: LedgerHead): LedgerHeadResource => ({
  format: 'safelight-ledger-head-1',
  tree_size: head.treeSize,
  root_hash: head.rootHash,
  block_height: head.blockHeight,
  block_hash: head.blockHash,
  signed_at: head.signedAt,
  key_id: head.keyId,
  signature: head.signature,
});
