import { parseArgs } from 'node:util';
import { meanGpuMs } from '../../simulator/workload.js';
import { simulateForesight } from './foresight.js';
import { goodnessOf, type Goodness } from './goodness.js';

const { values } = parseArgs({
  options: {
    gpus: { type: 'string', default: '60' },
    loads: { type: 'string', default: '0.75,0.85,0.95,1.1' },
    'max-wait': { type: 'string', default: '60' },
    seeds: { type: 'string', default: '3' },
    waves: { type: 'string', default: '1' },
  },
});

/** The rate of arrivals swings by so much, over so many seconds. */
const WAVE = { swing: 0.6, periodSeconds: 1_200 };
const gpus = Number(values.gpus);
const maxWaitMs = Number(values['max-wait']) * 1_000;
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`.padStart(6);
const say = (line: string) => process.stdout.write(`${line}\n`);

/** As many jobs as come in these waves. */
const jobsAt = (load: number): number =>
  Math.round((Number(values.waves) * WAVE.periodSeconds * 1_000 * load * gpus) / meanGpuMs());

const row = (load: number, seed: number, seen: Goodness): string =>
  [
    ...[load.toFixed(2), String(seed).padStart(4), String(seen.done).padStart(6)],
    ...[percent(seen.within30), percent(seen.within30Others), percent(seen.within30Greedy)],
    ...[percent(seen.withinP90), `${(seen.waitP95Ms / 1_000).toFixed(1)} s`.padStart(8)],
    ...[String(seen.returned).padStart(6), percent(seen.honest)],
    ...[seen.runs.toFixed(2).padStart(5), seen.decisions.toFixed(0).padStart(6)],
  ].join('  ');

say(
  `${gpus} GPUs, waves of ±60% in 20 minutes: ${values.waves}; one account sends 30% of the jobs;`,
);
say(`turned away who would wait more than ${values['max-wait']} s`);
say('load  seed    done  ETA within 30%: all, others, greedy');
say(
  '                                               by p90  wait p95   again  let in   runs  decisions',
);
for (const load of values.loads.split(',').map(Number)) {
  for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
    const crowd = { abuse: 0.3, abusers: 1, ...WAVE };
    const seen = simulateForesight({ seed, gpus, load, jobs: jobsAt(load), maxWaitMs, ...crowd });
    say(row(load, seed, goodnessOf(seen)));
  }
}
