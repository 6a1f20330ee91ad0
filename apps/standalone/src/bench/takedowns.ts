import { parseArgs } from 'node:util';
import { drill } from '@safelight/moderation/bench';
import { figure, say } from './say.js';

const MINUTE_MS = 60_000;

/**
 * A takedown drill: simulated reports over three days on a clock of its own, with a step in ten that
 * fails and twelve outages of up to half an hour. Ends with 1 when one was disabled too late. Options:
 * `--cases 1000`, `--seed 1`.
 */
export async function benchTakedowns(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  const result = await drill({ cases: Number(values.cases), seed });
  const { cases, copies, disabledFirst, withinTheHour, slowestMs, missed, lost } = result;
  say(`\n${cases} simulated reports of ${copies} files (seed ${seed}), ${result.faults} faults`);
  say(`to be disabled before anybody looks   ${disabledFirst}`);
  say(`  of them within an hour              ${withinTheHour}`);
  say(`  the slowest, in minutes             ${figure(slowestMs / MINUTE_MS, 1)}`);
  say(`still to be seen after 48 hours       ${missed}`);
  say(`dismissed, and not given back         ${lost}`);
  say(`alarms at 24, 36 and 44 hours         ${result.alarms}`);
  if (withinTheHour < disabledFirst || missed > 0 || lost > 0) process.exitCode = 1;
}
