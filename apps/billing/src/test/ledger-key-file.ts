import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedgerKey } from '../index.js';

/** A new key that signs heads, in a file of its own. */
export async function ledgerKeyFile(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'safelight-billing-'));
  const path = join(folder, 'ledger-key.pem');
  await writeFile(path, createLedgerKey());
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
