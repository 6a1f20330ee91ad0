import { fold } from '@safelight/event-sourcing';
import { codeOf, transact, type Statement } from '@safelight/postgres';
import { BYTES } from '@safelight/perceptual-hash';
import type pg from 'pg';
import { type Bank, type BankCommand, type BankEvent, type Shelf, shelf } from './shelf.js';

/** Hashes in one row: a mebibyte. */
const PER_ROW = 32_768;
const UNIQUE_VIOLATION = '23505';
const TRIES = 5;

const historyText = 'select data from moderation.hash_bank_events order by version';
const appendText = `
  insert into moderation.hash_bank_events (version, bank_id, type, data)
  select * from unnest($1::int[], $2::text[], $3::text[], $4::jsonb[])`;
const insertRow = `
  insert into moderation.hash_bank_hashes (bank_id, number, hashes) values ($1, $2, $3)`;
const readRow = `
  select hashes from moderation.hash_bank_hashes where bank_id = $1 and number = $2`;

/** Banks as they lie in the database: one sequence of events, and the hashes in large rows. */
export class BankStore {
  constructor(private readonly pool: pg.Pool) {}

  async shelf(): Promise<Shelf> {
    return fold(shelf, await this.history());
  }

  /**
   * @param hashes of the bank that the command imports, 32 bytes each
   * @returns what came of it; nothing where all was as it should be already
   * @throws DomainError as the shelf
   */
  async handle(command: BankCommand, hashes: Buffer = Buffer.alloc(0)): Promise<BankEvent[]> {
    for (let tries = 1; ; tries += 1) {
      const history = await this.history();
      const events = shelf.decide(command, fold(shelf, history));
      try {
        if (events.length > 0) await this.append(history.length, events, hashes);
        return events;
      } catch (error) {
        // Somebody else was faster: what they did counts, and this is decided anew.
        if (codeOf(error) !== UNIQUE_VIOLATION || tries === TRIES) throw error;
      }
    }
  }

  /** Into `target`, which has to be as large as they are. @throws Error where some are missing */
  async readHashes({ bankId, count }: Bank, target: Uint8Array): Promise<void> {
    let length = 0;
    for (let number = 0; number * PER_ROW < count; number++) {
      const query = { name: 'read-bank-hashes', text: readRow, values: [bankId, number] };
      const [row] = (await this.pool.query<{ hashes: Buffer }>(query)).rows;
      if (row === undefined || length + row.hashes.length > target.length) break;
      target.set(row.hashes, length);
      length += row.hashes.length;
    }
    if (length !== count * BYTES) throw new Error('some of its hashes are missing');
  }

  private async history(): Promise<BankEvent[]> {
    const query = { name: 'read-bank-events', text: historyText };
    const { rows } = await this.pool.query<{ data: BankEvent }>(query);
    return rows.map(({ data }) => data);
  }

  private async append(version: number, events: readonly BankEvent[], hashes: Buffer) {
    const imported = events.find(({ type }) => type === 'HashBankImported');
    const rows: Statement[] = [];
    for (let at = 0; imported !== undefined && at < hashes.length; at += PER_ROW * BYTES) {
      const part = hashes.subarray(at, at + PER_ROW * BYTES);
      const values = [imported.bankId, rows.length, part];
      rows.push({ name: 'insert-bank-hashes', text: insertRow, values });
    }
    const columns = [
      events.map((_, at) => version + at + 1),
      events.map(({ bankId }) => bankId),
      events.map(({ type }) => type),
      events.map((event) => JSON.stringify(event)),
    ];
    // The hashes first: whoever hears of the event finds them.
    await transact(this.pool, [
      ...rows,
      { name: 'append-bank-events', text: appendText, values: columns },
    ]);
  }
}
