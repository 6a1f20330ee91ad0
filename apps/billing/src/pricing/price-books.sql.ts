import type pg from 'pg';
import { transact } from '@safelight/postgres';
import { bookFrom, type PriceBook } from './price-book.js';

/** The books that matter from now on, and for how long nobody can have added one that does. */
export interface KnownBooks {
  /** The one in force first, then those to come, in the order in which they will be. */
  readonly books: readonly PriceBook[];
  /** The database's clock at the reading, epoch milliseconds. */
  readonly databaseMs: number;
  /** No book that is published after the reading is in force sooner than this after it. */
  readonly leadMs: number;
}

const text = `
with clock as materialized (select clock_timestamp() as at)
select floor(extract(epoch from clock.at) * 1000)::float8,
  (extract(epoch from billing.price_lead()) * 1000)::float8,
  b.version, b.effective_from::text, b.document, b.digest
from clock, billing.price_books b
where b.effective_from >= (select max(f.effective_from) from billing.price_books f, clock c
  where f.effective_from <= c.at)
order by b.effective_from, b.position`;

type Row = [
  databaseMs: number,
  leadMs: number,
  version: string,
  effectiveFrom: string,
  document: string,
  digest: string,
];

/** Reads the book in force now by the database's clock, and those to come. */
export async function readBooks(pool: pg.Pool): Promise<KnownBooks> {
  const statement = { name: 'billing-read-price-books', text, values: [] };
  const [rows = []] = await transact(pool, [statement]);
  const found = rows as unknown as Row[];
  const [first] = found;
  if (!first) throw new Error('no price book is in force');
  const books = found.map(([, , version, effectiveFrom, document, digest]) =>
    bookFrom({ version, effectiveFrom, document, digest }),
  );
  return { books, databaseMs: first[0], leadMs: first[1] };
}
