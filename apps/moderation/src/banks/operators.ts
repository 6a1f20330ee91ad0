import { createHash } from 'node:crypto';
import { newId } from '@safelight/contracts';
import { createPool } from '@safelight/postgres';
import { BankStore } from './bank-store.js';
import { type BankFile, readBankFile } from './bank-file.js';
import type { Bank, BankKind } from './shelf.js';

/** What an operator brings. */
export interface BankToImport {
  readonly name: string;
  readonly provenance: string;
  /** The file's text. */
  readonly text: string;
  /** Needed where no line of the file tells a quality. */
  readonly kind: BankKind | undefined;
  /** Whether one of the same name may be retired for it. */
  readonly replaces: boolean;
}

/**
 * Every moderation process has it within moments.
 *
 * @param databaseUrl of moderation's runtime role
 * @returns whether anything changed: the same hashes under the same name are there already
 * @throws BankFileRefused; DomainError `bank.exists`
 */
export async function importBank(
  databaseUrl: string,
  { name, provenance, text, kind, replaces }: BankToImport,
): Promise<{ bank: Bank; imported: boolean } & Pick<BankFile, 'belowFloor'>> {
  const file = readBankFile(text, kind);
  const bank: Bank = {
    ...{ bankId: newId('bnk'), name, kind: file.kind, count: file.count, provenance },
    digest: createHash('sha256').update(file.hashes).digest('hex'),
  };
  const command = { type: 'ImportBank', bank, replaces } as const;
  const events = await withStore(databaseUrl, (store) => store.handle(command, file.hashes));
  return { bank, imported: events.length > 0, belowFloor: file.belowFloor };
}

/** The banks in force. */
export const knownBanks = async (databaseUrl: string): Promise<Bank[]> =>
  withStore(databaseUrl, async (store) => [...(await store.shelf()).values()]);

/** From then on it matches nothing; its hashes stay where they are. @throws DomainError `bank.unknown` */
export async function retireBank(databaseUrl: string, name: string, reason: string): Promise<void> {
  await withStore(databaseUrl, (store) => store.handle({ type: 'RetireBank', name, reason }));
}

async function withStore<Result>(
  url: string,
  run: (store: BankStore) => Promise<Result>,
): Promise<Result> {
  const pool = createPool({ url, applicationName: 'ops', max: 1 });
  try {
    return await run(new BankStore(pool));
  } finally {
    await pool.end();
  }
}
