import { createPool, codeOf } from '@safelight/postgres';
import type pg from 'pg';
import { bookOf, toStore } from '../price-book.js';
import type { WrittenPrices } from '../price-document.js';
import { chargedJobs, type Period } from './charged.sql.js';
import { checkPrices } from './check-prices.js';
import type { PriceFault } from './fault.js';
import { Repricing, type Repriced } from './reprice.js';
import { insertBook, readShelf, surroundingsAt, type Shelf } from './shelf.sql.js';

/** What an operator works with: billing's database, and a document as it stands in a file. */
export interface PriceTask {
  /** Of billing's runtime role. */
  readonly url: string;
  readonly written: unknown;
}

export type PriceCheck =
  | { readonly ok: false; readonly faults: readonly PriceFault[] }
  | { readonly ok: true; readonly version: string; readonly effectiveFrom: string };

export interface PricePreview {
  readonly version: string;
  readonly effectiveFrom: string;
  readonly period: Period;
  readonly accounts: ReadonlyMap<string, Repriced>;
}

export type PricePreviewed = Extract<PriceCheck, { ok: false }> | ({ ok: true } & PricePreview);

const MONTH_MS = 30 * 86_400_000;
/** One statement may take so long: a month of a busy installation is scanned and sorted. */
const PATIENCE_MS = 10 * 60_000;
const uniqueViolation = '23505';
const checkViolation = '23514';

/** Says what is wrong with a document, if it were published now. Changes nothing. */
export const checkPriceDocument = (task: PriceTask): Promise<PriceCheck> =>
  overPool(task.url, async (pool) => checkOn(await readShelf(pool), task.written));

/**
 * What the last 30 days would have cost under a document, account by account. Changes nothing.
 *
 * @param onProgress - told how many jobs are done, of how many
 */
export const previewPrices = (
  task: PriceTask,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<PricePreviewed> =>
  overPool(task.url, async (pool) => {
    const shelf = await readShelf(pool);
    const checked = checkOn(shelf, task.written);
    if (!checked.ok) return checked;
    const until = new Date(shelf.nowMs);
    const period = { from: new Date(shelf.nowMs - MONTH_MS), until };
    const repricing = new Repricing(bookOf(task.written));
    const client = await pool.connect();
    try {
      await client.query(`set statement_timeout = ${PATIENCE_MS}`);
      let done = 0;
      for await (const { total, page } of chargedJobs(client, period)) {
        for (const row of page) repricing.add(row);
        onProgress((done += page.length), total);
      }
    } finally {
      client.release(true);
    }
    return { ...checked, period, accounts: repricing.accounts };
  });

/** Checks a document and publishes it, for the date that it names. Once published it stays. */
export const publishPrices = (task: PriceTask): Promise<PriceCheck> =>
  overPool(task.url, async (pool) => {
    const checked = checkOn(await readShelf(pool), task.written);
    if (!checked.ok) return checked;
    try {
      await insertBook(pool, toStore(task.written));
    } catch (error) {
      // Somebody else was faster, or this process slow: what was checked is not so any more.
      const code = codeOf(error);
      if (code !== uniqueViolation && code !== checkViolation) throw error;
      const again = checkOn(await readShelf(pool), task.written);
      if (again.ok) throw error;
      return again;
    }
    return checked;
  });

/** A document with another date. @throws nothing: what is no document is told by the check */
export const datedAnew = (written: unknown, effectiveFrom: string): unknown =>
  typeof written === 'object' && written !== null
    ? { ...written, effective_from: effectiveFrom }
    : written;

function checkOn(shelf: Shelf, written: unknown): PriceCheck {
  const fromMs = Date.parse((written as Partial<WrittenPrices> | null)?.effective_from ?? '');
  const { faults, ...rest } = checkPrices(written, surroundingsAt(shelf, fromMs));
  if (!('document' in rest)) return { ok: false, faults };
  const { version, effective_from: effectiveFrom } = rest.document;
  return { ok: true, version, effectiveFrom };
}

async function overPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = createPool({
    ...{ url, applicationName: 'billing prices', max: 2 },
    answerWithinMs: PATIENCE_MS,
  });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
