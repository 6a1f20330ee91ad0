import { parseArgs } from 'node:util';
import { simulateForesight } from './foresight.js';

const { values } = parseArgs({
  options: {
    gpus: { type: 'string', default: '40' },
    jobs: { type: 'string', default: '6000' },
    'max-wait': { type: 'string', default: '120' },
    seeds: { type: 'string', default: '3' },
  },
});
const gpus = Number(values.gpus);
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`.padStart(7);

process.stdout.write(
  `${gpus} GPUs, jobs turned away that would wait more than ${values['max-wait']} s\n` +
    'load  seed   ETA within 30%  done by p90  wait p95   came again  let in then\n',
);
for (const load of [0.75, 0.85, 0.95, 1.1]) {
  for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
    const maxWaitMs = Number(values['max-wait']) * 1_000;
    const crowd = { abuse: 0.3, abusers: 1, swing: 0.6, periodSeconds: 1_200 };
    const jobs = Number(values.jobs);
    const seen = simulateForesight({ seed, gpus, load, jobs, maxWaitMs, ...crowd });
    const wait = `${(seen.waitP95Ms / 1_000).toFixed(1)} s`.padStart(8);
    const again = seen.returned === 0 ? '' : percent(seen.honest);
    process.stdout.write(
      `${load.toFixed(2)}  ${String(seed).padStart(4)}  ${percent(seen.within30)}         ${percent(seen.withinP90)}      ${wait}   ${String(seen.returned).padStart(6)}      ${again}\n`,
    );
  }
}
