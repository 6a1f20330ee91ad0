import { spawnSync } from 'node:child_process';
import { billingNodeOptions } from '@safelight/billing';
import { benchDispatch } from './dispatch.js';
import { benchFullLife } from './full-life.js';
import { benchGateway } from './gateway.js';
import { benchHashBank } from './hash-bank.js';
import { benchLedger } from './ledger.js';
import { benchModeration } from './moderation.js';
import { benchReplay } from './replay.js';
import { benchTakedowns } from './takedowns.js';
import { benchProvenance } from './provenance.js';

const [what = 'full-life', ...args] = process.argv.slice(2);
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  dispatch: benchDispatch,
  'full-life': benchFullLife,
  gateway: benchGateway,
  'hash-bank': benchHashBank,
  ledger: asBilling(benchLedger),
  moderation: benchModeration,
  replay: benchReplay,
  takedowns: benchTakedowns,
  provenance: benchProvenance,
};
const bench = benches[what];
if (bench === undefined) {
  process.stderr.write(
    `There is no benchmark ${what}; say ${Object.keys(benches).join(' or ')}.\n`,
  );
  process.exitCode = 2;
} else await bench(args);

/** In a process with the options of Node that a billing process of its own has. */
function asBilling(run: (args: readonly string[]) => Promise<void>): typeof run {
  return async (given) => {
    if (billingNodeOptions.every((option) => process.execArgv.includes(option))) return run(given);
    const again = [...billingNodeOptions, ...process.argv.slice(1)];
    process.exitCode = spawnSync(process.execPath, again, { stdio: 'inherit' }).status ?? 1;
  };
}
