import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Receipt } from '@safelight/contracts';
import { getReceiptKeys, verifyReceipt } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';

/** A key that nobody knows is asked for no sooner again, in milliseconds. */
const ASK_AGAIN_MS = 5_000;

/** Keys of moderation, as they were published. */
export interface KnownKeys {
  /** Whether moderation signed exactly this; by a key that is not known nothing is signed. */
  readonly signed: (receipt: Receipt) => boolean;
}

/**
 * Moderation's public keys: asked for once, again after a failure, and again when a receipt names a key
 * that is not among them, because moderation may have a new one since.
 */
export class ReceiptKeys {
  private asked: Promise<ReadonlyMap<string, KeyObject>> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly services: Pick<RequestClient, 'request'>) {}

  /** As they are needed for these receipts. @throws when moderation does not tell them */
  async of(receipts: readonly Pick<Receipt, 'keyId'>[]): Promise<KnownKeys> {
    let keys = await this.known();
    const isUnknown = ({ keyId }: Pick<Receipt, 'keyId'>) => !keys.has(keyId);
    if (receipts.some(isUnknown) && performance.now() - this.askedAt > ASK_AGAIN_MS) {
      this.asked = undefined;
      keys = await this.known();
    }
    return {
      signed: (receipt) => {
        const key = keys.get(receipt.keyId);
        return key !== undefined && verifyReceipt(key, receipt);
      },
    };
  }

  private known(): Promise<ReadonlyMap<string, KeyObject>> {
    this.asked ??= this.ask();
    return this.asked;
  }

  private async ask(): Promise<ReadonlyMap<string, KeyObject>> {
    this.askedAt = performance.now();
    try {
      const { keys } = await this.services.request(getReceiptKeys, {});
      return new Map(keys.map(({ keyId, publicKey }) => [keyId, keyOf(publicKey)]));
    } catch (error) {
      this.asked = undefined;
      throw error;
    }
  }
}

const keyOf = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
