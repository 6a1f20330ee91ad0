import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  BYTES,
  type Hash,
  NearIndex,
  type NearTables,
  nearTables,
  TABLES_FROM,
  WORDS,
  wordsFor,
} from '@safelight/perceptual-hash';
import type { Bank } from './shelf.js';

/** The hashes of a bank, one after another, in memory that threads share. */
export type Hashes = Uint8Array<SharedArrayBuffer>;

export const hashesFor = (count: number): Hashes =>
  new Uint8Array(new SharedArrayBuffer(count * BYTES));

/** A bank in memory, ready to be asked. */
export interface LoadedBank {
  readonly bank: Bank;
  /** Bytes of memory. */
  readonly bytes: number;
  /** Whether it holds one of these SHA-256, in hex. */
  readonly hasDigest: (digests: readonly string[]) => boolean;
  /** Whether it holds a hash near one of these. */
  readonly hasNear: (hashes: readonly Hash[]) => boolean;
}

/** @throws Error when these are not the hashes that were imported */
export async function loadBank(bank: Bank, hashes: Hashes): Promise<LoadedBank> {
  if (bank.kind === 'sha256') {
    requireDigest(bank, hashes);
    return {
      ...{ bank, bytes: hashes.byteLength, hasNear: () => false },
      hasDigest: (digests) => digests.some((digest) => isAmong(hashes, Buffer.from(digest, 'hex'))),
    };
  }
  // Sorting a million takes a second, which nobody should have to wait for.
  const tables =
    bank.count < TABLES_FROM ? tablesOf(bank, hashes) : await tablesByThread(bank, hashes);
  const index = new NearIndex(tables);
  return {
    ...{ bank, bytes: index.bytes, hasDigest: () => false },
    hasNear: (asked) => asked.some((hash) => index.near(hash).length > 0),
  };
}

/** @throws Error as `loadBank` */
export function tablesOf(bank: Pick<Bank, 'digest'>, hashes: Hashes): NearTables {
  requireDigest(bank, hashes);
  const words = wordsFor(hashes.length / BYTES);
  const view = new DataView(hashes.buffer);
  for (let at = 0; at < words.length; at++) {
    // The first of 32 bytes is the highest, and in the highest word.
    const [hash, word] = [Math.floor(at / WORDS), at % WORDS];
    words[at] = view.getUint32(hash * BYTES + (WORDS - 1 - word) * 4);
  }
  return nearTables(words);
}

function requireDigest({ digest }: Pick<Bank, 'digest'>, hashes: Hashes): void {
  if (createHash('sha256').update(hashes).digest('hex') !== digest) {
    throw new Error('its hashes are not those that were imported');
  }
}

async function tablesByThread({ digest }: Bank, hashes: Hashes): Promise<NearTables> {
  const thread = new Worker(new URL('./loaded-bank.thread.js', import.meta.url), {
    workerData: { digest, hashes },
  });
  try {
    // An error of the thread rejects this as well.
    const [tables] = (await once(thread, 'message')) as [NearTables];
    return tables;
  } finally {
    await thread.terminate();
  }
}

/** By halving: they are sorted. */
function isAmong(hashes: Hashes, asked: Buffer): boolean {
  const all = Buffer.from(hashes.buffer);
  let [low, high] = [0, hashes.length / BYTES];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = all.compare(asked, 0, BYTES, middle * BYTES, (middle + 1) * BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
