import { hash } from 'node:crypto';
import { canonicalJson } from '@safelight/contracts';
import { priceDocument, type PriceDocument } from './price-document.js';

/** One credit in micro-credits. */
export const creditMicros = 1_000_000n;

/** A price book that can be applied; a published version is never edited, a new one replaces it. */
export interface PriceBook extends PriceDocument {
  /** Epoch milliseconds. */
  readonly effectiveFromMs: number;
}

/** What is stored of a book: equal documents have equal bytes. */
export interface StoredPrices {
  readonly version: string;
  readonly effectiveFrom: string;
  /** Canonical JSON (RFC 8785). */
  readonly document: string;
  /** SHA-256 of these bytes, lower-case hex. */
  readonly digest: string;
}

/** @throws ZodError that names every fault */
export function bookOf(written: unknown): PriceBook {
  const document = priceDocument.parse(written);
  return { ...document, effectiveFromMs: Date.parse(document.effective_from) };
}

/** @throws ZodError that names every fault */
export function toStore(written: unknown): StoredPrices {
  const { version, effective_from: effectiveFrom } = bookOf(written);
  const document = canonicalJson(written);
  return { version, effectiveFrom, document, digest: digestOf(document) };
}

/**
 * The book in stored bytes.
 * @throws when they are not those that were published
 */
export function bookFrom({ version, document, digest }: StoredPrices): PriceBook {
  if (digestOf(document) !== digest) throw new Error(`price book ${version} was altered`);
  return bookOf(JSON.parse(document));
}

const digestOf = (document: string): string => hash('sha256', document, 'hex');
