import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { injectFaults } from './faults.js';

/** `npm run faults:moderation -- --faults 10000 [--seed N]` */
const { values } = parseArgs({
  options: { faults: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const faults = Number(values.faults);
const seed = values.seed === undefined ? randomInt(2 ** 31 - 1) : Number(values.seed);
const say = (text: string) => process.stdout.write(`${text}\n`);

if (!Number.isSafeInteger(faults) || faults < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('--faults and --seed take whole numbers\n');
  process.exit(2);
}
say(`seed ${seed}`);
const EVERY = 1_000;
let next = EVERY;
const report = await injectFaults({
  ...{ faults, seed },
  progress: (happened, jobs) => {
    if (happened < next) return;
    say(`${happened} faults, ${jobs} jobs`);
    next += EVERY;
  },
});
for (const [name, count] of Object.entries(report.faults))
  say(`${String(count).padStart(7)} ${name}`);
for (const [status, count] of Object.entries(report.ends))
  say(`${String(count).padStart(7)} jobs ${status}`);
say(`${report.handedOut} files handed out, each with its receipt; ${report.withheld} withheld`);
for (const breach of report.breaches) say(`BREACH ${breach}`);
say(`${report.breaches.length} breaches`);
process.exitCode = report.breaches.length > 0 ? 1 : 0;
