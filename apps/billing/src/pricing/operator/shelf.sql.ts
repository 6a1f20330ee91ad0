import type pg from 'pg';
import { bookFrom, type PriceBook, type StoredPrices } from '../price-book.js';
import type { PriceSurroundings } from './check-prices.js';

interface Row {
  readonly version: string;
  readonly document: string;
  readonly digest: string;
  readonly effective_from: Date;
}

/** All books, in the order in which they are in force, and the clock that decides. */
export interface Shelf {
  readonly nowMs: number;
  readonly leadMs: number;
  readonly books: readonly PriceBook[];
}

export async function readShelf(pool: pg.Pool): Promise<Shelf> {
  const clock = await pool.query<{ now_ms: number; lead_ms: number }>(
    `select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
       (extract(epoch from billing.price_lead()) * 1000)::float8 as lead_ms`,
  );
  const { rows } = await pool.query<Row>(
    `select version, document, digest, effective_from from billing.price_books
     order by effective_from, position`,
  );
  const [{ now_ms: nowMs, lead_ms: leadMs } = { now_ms: 0, lead_ms: 0 }] = clock.rows;
  const books = rows.map(({ version, document, digest, effective_from }) =>
    bookFrom({ version, document, digest, effectiveFrom: effective_from.toISOString() }),
  );
  return { nowMs, leadMs, books };
}

/** What a book that is in force from then on is checked against. */
export function surroundingsAt({ nowMs, leadMs, books }: Shelf, fromMs: number): PriceSurroundings {
  const before = books.findLast(({ effectiveFromMs }) => effectiveFromMs <= fromMs) ?? books[0];
  if (before === undefined) throw new Error('no price book was ever published');
  return { nowMs, leadMs, before, versions: books.map(({ version }) => version) };
}

/** @throws the database's refusal of a version that is there, or of a date that is too near */
export async function insertBook(pool: pg.Pool, stored: StoredPrices): Promise<void> {
  const { version, effectiveFrom, document, digest } = stored;
  await pool.query(
    `insert into billing.price_books (version, effective_from, document, digest)
     values ($1, $2, $3, $4)`,
    [version, effectiveFrom, document, digest],
  );
}
