import { benchDispatch } from './dispatch.js';
import { benchFullLife } from './full-life.js';
import { benchGateway } from './gateway.js';
import { benchLedger } from './ledger.js';
import { benchModeration } from './moderation.js';

const [what = 'full-life', ...args] = process.argv.slice(2);
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  dispatch: benchDispatch,
  'full-life': benchFullLife,
  gateway: benchGateway,
  ledger: benchLedger,
  moderation: benchModeration,
};
const bench = benches[what];
if (bench === undefined) {
  process.stderr.write(
    `There is no benchmark ${what}; say ${Object.keys(benches).join(' or ')}.\n`,
  );
  process.exitCode = 2;
} else await bench(args);
