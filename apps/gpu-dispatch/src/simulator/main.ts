import { writeFile } from 'node:fs/promises';
import { measureDecisions } from './decision-cost.js';
import type { Outcome } from './measures.js';
import { BadUsage, optionsIn, USAGE, type SimulatorOptions } from './options.js';
import { plot } from './plot.js';
import { simulate } from './simulation.js';
import { table } from './table.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<void> {
  const options = optionsIn(args);
  if (options === undefined) {
    say(USAGE);
    return;
  }
  say(titleOf(options));
  const outcomes = options.policies.map((policy) => simulate(policy, options));
  for (const line of table(outcomes)) say(line);
  say('Three numbers are p50 / p95 / p99, two are p50 / p99; "-": no two accounts had to share.');
  tellDecisions(options);
  await draw(options, outcomes);
}

const titleOf = ({ gpus, load, jobs, seed, abuse, abusers }: SimulatorOptions): string => {
  const share = `${Math.round(100 * abuse)}%`;
  const greedy = abusers === 1 ? `one account sends ${share}` : `${abusers} accounts send ${share}`;
  return `${gpus} GPUs, load ${load}, ${jobs} jobs, of which ${greedy}, seed ${seed}`;
};

function tellDecisions({ queued, gpus, seed }: SimulatorOptions): void {
  if (queued === 0) return;
  const { p50, p99, decisions } = measureDecisions(queued, gpus, seed);
  const cost = `p50 ${p50.toFixed(1)} µs, p99 ${p99.toFixed(1)} µs`;
  say(`${decisions} decisions of ours with ${queued} jobs queued: ${cost}`);
}

async function draw(options: SimulatorOptions, outcomes: readonly Outcome[]): Promise<void> {
  if (options.plot === undefined) return;
  await writeFile(options.plot, plot(outcomes, titleOf(options)));
  say(`Drawn in ${options.plot}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isOurs = error instanceof BadUsage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isOurs) process.stderr.write(`\n${USAGE}\n`);
  process.exitCode = isOurs ? 2 : 1;
}
