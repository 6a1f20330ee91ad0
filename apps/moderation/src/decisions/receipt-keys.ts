import type pg from 'pg';
import type { ReceiptSigner } from './receipt-signer.js';

const publishText = `
  insert into moderation.receipt_keys (key_id, public_key) values ($1, $2)
  on conflict (key_id) do nothing`;
const readText = `
  select key_id as "keyId", public_key as "publicKey" from moderation.receipt_keys
  order by published_at, key_id`;

/** A key as it is published: Ed25519 SPKI, DER in base64. */
export interface PublicReceiptKey {
  readonly keyId: string;
  readonly publicKey: string;
}

/** The public halves of all keys that receipts were ever signed with: old receipts need them. */
export class ReceiptKeys {
  constructor(private readonly pool: pg.Pool) {}

  /** Before anything is signed with it. */
  async publish({ keyId, publicKey }: ReceiptSigner): Promise<void> {
    const values = [keyId, publicKey];
    await this.pool.query({ name: 'publish-receipt-key', text: publishText, values });
  }

  async all(): Promise<PublicReceiptKey[]> {
    const query = { name: 'read-receipt-keys', text: readText };
    return (await this.pool.query<PublicReceiptKey>(query)).rows;
  }
}
