import { parseArgs } from 'node:util';
import { progressBar } from '@safelight/billing';
import { moderationService, replay } from '@safelight/moderation';
import { candidate, storeDecisions } from '@safelight/moderation/bench';
import { provision } from '@safelight/postgres';
import { testPostgres } from '@safelight/testing';
import { figure, say } from './say.js';

/**
 * Stored decisions made again under a candidate, from their signals: how long that takes, with the flips
 * by category. Options: `--decisions 100000`, `--accounts 250`, `--seed 1`.
 */
export async function benchReplay(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      decisions: { type: 'string', default: '100000' },
      accounts: { type: 'string', default: '250' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [count, accounts, seed] = [values.decisions, values.accounts, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const postgres = await testPostgres();
  try {
    const service = { name: 'moderation', password: 'runtime', ownerPassword: 'owner' };
    const { url: adminUrl } = await postgres.database();
    const { moderation } = await provision({ adminUrl, services: [service] });
    if (moderation === undefined) throw new Error('moderation was not provisioned');
    await moderationService.migrate(moderation.migrationUrl);
    const filling = performance.now();
    await storeDecisions(moderation.url, { count, accounts, seed });
    say(`${count} decisions signed and stored in ${seconds(filling)} s`);
    const begun = performance.now();
    const progress = progressBar(process.stderr);
    const { count: flips } = await replay({ url: moderation.url, candidate, progress });
    const took = seconds(begun);
    for (const { from, to, category, ruleId, count: times } of flips.byCategory()) {
      say(`  ${times} from ${from} to ${to}: ${category} (${ruleId})`);
    }
    say(`${flips.flips} flips in ${flips.byAccount().length} accounts`);
    say(`${flips.decisions} decisions made again in ${took} s (goal: 100,000 in 30 s)`);
    const rss = process.memoryUsage.rss() / 2 ** 20;
    say(`memory of the process afterwards: ${figure(rss)} MiB`);
  } finally {
    await postgres.stop();
  }
}

const seconds = (since: number): string => figure((performance.now() - since) / 1_000, 1);
