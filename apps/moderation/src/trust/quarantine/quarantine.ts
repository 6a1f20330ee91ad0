import { createSecretKey, hash, randomBytes, type KeyObject } from 'node:crypto';
import { newUuid } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { ObjectNotFound, seal, unseal, type ObjectStore } from '@safelight/object-store';
import { codeOf } from '@safelight/postgres';
import type pg from 'pg';
import type { Fate } from '../takedown/takedown.js';

const KEY_BYTES = 32;
/** Version of the master key that new keys are wrapped with. */
const MASTER_VERSION = 1;
const UNIQUE_VIOLATION = '23505';
/** Sealed bytes are nothing that a browser would show. */
const SEALED = 'application/octet-stream';

const caseText = `
  insert into moderation.quarantine_cases (case_id, wrapped_key, nonce, master_version)
  values ($1, $2, $3, $4) on conflict (case_id) do nothing`;
const keyText = `
  select wrapped_key, nonce from moderation.quarantine_cases where case_id = $1`;
const itemText = `
  insert into moderation.quarantine_items
    (item_id, case_id, object_key, digest, media_type, nonce)
  values ($1, $2, $3, $4, $5, $6)`;
const heldText = `
  select item_id, case_id, object_key, digest, media_type, nonce
  from moderation.quarantine_items where object_key = $1 and returned_at is null`;
const itemsText = `
  select item_id, case_id, object_key, digest, media_type, nonce
  from moderation.quarantine_items where case_id = $1 and returned_at is null order by item_id`;
const returnedText = `
  update moderation.quarantine_items set returned_at = clock_timestamp()
  where item_id = $1 and returned_at is null`;
const overText = `
  select case_id from moderation.quarantine_cases
  where shredded_at is null and hold_until <= $1 order by hold_until limit 100`;
const shredText = `
  update moderation.quarantine_cases
  set wrapped_key = null, nonce = null, shredded_at = clock_timestamp()
  where case_id = $1 and shredded_at is null`;

interface ItemRow {
  readonly item_id: string;
  readonly case_id: string;
  readonly object_key: string;
  readonly digest: string;
  readonly media_type: string;
  readonly nonce: Buffer;
}

/** A piece of evidence, as it was. */
export interface Evidence {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/**
 * Evidence, sealed with AES-256-GCM under a key of its case, away from where links lead. No erasure
 * reaches it before its hold is over; then its key goes, and with it the evidence, wherever copies lie.
 */
export class Quarantine {
  constructor(
    private readonly pool: pg.Pool,
    private readonly store: ObjectStore,
    private readonly master: KeyObject,
  ) {}

  /**
   * Takes a file away, and keeps it sealed: from then on there is nothing that a link could lead to.
   * The copy is kept before the file goes, so whoever dies in between does it again.
   */
  async take(caseId: string, objectKey: string, mediaType: string): Promise<Fate> {
    const found = await this.bytesOf(objectKey);
    if (found === undefined) return (await this.held(objectKey)) ? 'elsewhere' : 'gone';
    const kept = await this.keep(caseId, { name: objectKey, mediaType, bytes: found });
    await this.store.delete(objectKey);
    return kept ? 'sealed' : 'elsewhere';
  }

  /** @returns whether it was kept just now: what is held already is not kept again */
  async keep(caseId: string, { name, mediaType, bytes }: Evidence): Promise<boolean> {
    const itemId = newUuid();
    const key = await this.keyOf(caseId);
    const sealed = seal(key, bytes, itemId);
    await this.store.put(placeOf(caseId, itemId), sealed.ciphertext, { mediaType: SEALED });
    const digest = hash('sha256', bytes, 'hex');
    const values = [itemId, caseId, name, digest, mediaType, sealed.nonce];
    try {
      await this.pool.query({ name: 'keep-evidence', text: itemText, values });
      return true;
    } catch (error) {
      if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
      await this.store.delete(placeOf(caseId, itemId));
      return false;
    }
  }

  /** Puts a file back where links lead. Nothing happens when it is not held. */
  async giveBack(objectKey: string): Promise<void> {
    const item = await this.held(objectKey);
    if (item === undefined) return;
    const { bytes } = await this.opened(item);
    await this.store.put(objectKey, bytes, { mediaType: item.media_type });
    await this.pool.query({
      name: 'evidence-returned',
      text: returnedText,
      values: [item.item_id],
    });
    await this.store.delete(placeOf(item.case_id, item.item_id));
  }

  /** @throws DomainError `evidence.not_found`, also for what was shredded */
  async read(caseId: string): Promise<Evidence[]> {
    const query = { name: 'evidence-of-case', text: itemsText, values: [caseId] };
    const { rows } = await this.pool.query<ItemRow>(query);
    if (rows.length === 0) throw new DomainError('evidence.not_found');
    return Promise.all(rows.map((row) => this.opened(row)));
  }

  /** Cases whose hold is over. */
  async over(now: Date): Promise<string[]> {
    const query = { name: 'evidence-over', text: overText, values: [now] };
    return (await this.pool.query<{ case_id: string }>(query)).rows.map(({ case_id }) => case_id);
  }

  /** For good: the key first, which is what counts. */
  async shred(caseId: string): Promise<void> {
    await this.pool.query({ name: 'shred-evidence', text: shredText, values: [caseId] });
    for await (const keys of this.store.list(`quarantine/${caseId}`)) {
      await Promise.all(keys.map((key) => this.store.delete(key)));
    }
  }

  private async opened(item: ItemRow): Promise<Evidence> {
    const key = await this.keyOf(item.case_id);
    const place = placeOf(item.case_id, item.item_id);
    const { bytes: ciphertext } = await this.store.get(place);
    const bytes = unseal(key, { ciphertext, nonce: item.nonce }, item.item_id);
    if (hash('sha256', bytes, 'hex') !== item.digest) throw new Error(`${place} was changed`);
    return { name: item.object_key, mediaType: item.media_type, bytes };
  }

  private async held(objectKey: string): Promise<ItemRow | undefined> {
    const query = { name: 'held-evidence', text: heldText, values: [objectKey] };
    return (await this.pool.query<ItemRow>(query)).rows[0];
  }

  private async bytesOf(objectKey: string): Promise<Buffer | undefined> {
    try {
      return (await this.store.get(objectKey)).bytes;
    } catch (error) {
      if (error instanceof ObjectNotFound) return undefined;
      throw error;
    }
  }

  /** Made with the case's first evidence. @throws DomainError `evidence.not_found` once it is shredded */
  private async keyOf(caseId: string): Promise<KeyObject> {
    const wrapped = seal(this.master, randomBytes(KEY_BYTES), caseId);
    const values = [caseId, wrapped.ciphertext, wrapped.nonce, MASTER_VERSION];
    await this.pool.query({ name: 'open-quarantine', text: caseText, values });
    const query = { name: 'quarantine-key', text: keyText, values: [caseId] };
    type Row = { wrapped_key: Buffer | null; nonce: Buffer | null };
    const [row] = (await this.pool.query<Row>(query)).rows;
    if (!row?.wrapped_key || !row.nonce) throw new DomainError('evidence.not_found');
    const { wrapped_key: ciphertext, nonce } = row;
    return createSecretKey(unseal(this.master, { ciphertext, nonce }, caseId));
  }
}

const placeOf = (caseId: string, itemId: string): string => `quarantine/${caseId}/${itemId}`;
