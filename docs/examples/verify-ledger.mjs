/**
 * Proves offline that an old entry of your ledger still stands and that nothing before it changed.
 * Needs @safelight/sdk and one file; asks nobody.
 *
 *   node docs/examples/verify-ledger.mjs evidence.json
 *
 * The file is `{ keys, older, newer, consistency, inclusion }`, each the `data` of one answer of the
 * API; docs/ledger-proofs.md tells how to save them.
 */
import { readFileSync } from 'node:fs';
import { ProofRefused, verifyEntryStands } from '@safelight/sdk';

const [file = 'evidence.json'] = process.argv.slice(2);
try {
  const evidence = JSON.parse(readFileSync(file, 'utf8'));
  const entry = verifyEntryStands(evidence);
  const { older, newer } = evidence;
  console.log(`Entry ${entry.sequence} of ${entry.account_id} (${entry.id}) still says:`);
  console.log(`  ${evidence.inclusion.leaf}`);
  console.log(`It stood in the ${older.tree_size} entries that were signed at ${older.signed_at},`);
  console.log(
    `and those signed at ${newer.signed_at} (${newer.tree_size}) begin with all of them.`,
  );
} catch (error) {
  if (!(error instanceof ProofRefused)) throw error;
  console.error(`NOT proven (${error.fault}): ${error.message}`);
  process.exitCode = 1;
}
