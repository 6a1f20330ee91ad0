import { randomInt, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Fleet } from '../test/fleet.js';
import { fuzz } from './fuzz.js';
import { palettesIn } from './palettes.js';
import { reportText } from './report.js';

/** `npm run fuzz:api -- --requests 500000 [--seed N]` */
const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const requests = Number(values.requests);
const seed = values.seed === undefined ? randomInt(2 ** 31 - 1) : Number(values.seed);
const say = (text: string) => process.stdout.write(`${text}\n`);

if (!Number.isSafeInteger(requests) || requests < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('--requests and --seed take whole numbers\n');
  process.exit(2);
}
say(`seed ${seed}`);
const EVERY = 20_000;
const env = { LOG_LEVEL: 'warn', DEVELOPMENT_PAYMENTS_SECRET: randomUUID() };
const fleet = await Fleet.start({ layout: 'one process', env });
try {
  const report = await fuzz({
    ...{ url: fleet.url, requests, seed, palette: await palettesIn(fleet) },
    progress: (sent) => {
      if (sent % EVERY === 0) say(`${sent} sent`);
    },
  });
  say(reportText(report, seed));
  const restarts = fleet.processes.reduce((sum, [, child]) => sum + child.restarts, 0);
  if (restarts > 0) say(`${restarts} restarts\n${fleet.logs()}`);
  process.exitCode = report.findings.length + restarts > 0 ? 1 : 0;
} finally {
  await fleet.close();
}
