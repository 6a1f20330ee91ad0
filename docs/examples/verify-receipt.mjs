/**
 * Proves offline that decisions of the content policy were signed by the operator, and that each names
 * the one before it. Needs @safelight/sdk and one file; asks nobody.
 *
 *   node docs/examples/verify-receipt.mjs receipts.json
 *
 * The file is `{ keys, receipts }`: the keys as GET /api/v1/decisions/keys lists them, and receipts as
 * GET /api/v1/decisions/{id} shows them, the newest first; docs/policy.md tells how to save them.
 */
import { readFileSync } from 'node:fs';
import { ProofRefused, verifyReceipts } from '@safelight/sdk';

const [file = 'receipts.json'] = process.argv.slice(2);
try {
  const { keys, receipts } = JSON.parse(readFileSync(file, 'utf8'));
  const whole = verifyReceipts(receipts, keys);
  for (const { decisionId, verdict, ruleId, decidedAt } of receipts) {
    console.log(`${decisionId}: ${verdict}${ruleId ? ` by ${ruleId}` : ''}, at ${decidedAt}`);
  }
  console.log(`Each of these ${receipts.length} receipts is signed and names the next.`);
  if (whole) console.log('The last of them is the first that the account was ever given.');
} catch (error) {
  if (!(error instanceof ProofRefused)) throw error;
  console.error(`NOT proven (${error.fault}): ${error.message}`);
  process.exitCode = 1;
}
