import { parseArgs } from 'node:util';
import { POLICIES, type PolicyName } from './policies.js';
import type { WorkloadOptions } from './workload.js';

/** The words of the command line make no sense; the message is one sentence for a person. */
export class BadUsage extends Error {}

export interface SimulatorOptions extends WorkloadOptions {
  readonly policies: readonly PolicyName[];
  /** File for the picture. */
  readonly plot: string | undefined;
  /** How long the queue is for which decisions are timed; 0 for none. */
  readonly queued: number;
}

const text = (value: string) => ({ type: 'string', default: value }) as const;
const words = {
  ...{ gpus: text('1000'), load: text('0.85'), jobs: text(''), seed: text('1') },
  ...{ greedy: text('1'), 'greedy-share': text('0.3'), swing: text('0.6'), period: text('1800') },
  ...{ policy: text('fifo,warm-first,fair,ours'), queued: text('100000') },
  plot: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Jobs for each GPU, unless it is said: 38 minutes at a load of 0.95. */
const JOBS_PER_GPU = 120;

export const USAGE = `npm run simulate:fleet -- [options]
Runs a fleet of GPUs by several policies on the same jobs, and compares them.

  --gpus N            GPUs, each with two models loaded (1000)
  --load L            GPU time asked for over GPU time there is, loads not counted (0.85)
  --jobs N            jobs until the end (120 for each GPU)
  --seed N            another seed draws other jobs (1)
  --greedy N          accounts that send more than all others; the n-th sends n parts (1)
  --greedy-share S    their share of the jobs (0.3)
  --swing S           by how much of its mean the load swings (0.6)
  --period SECONDS    in which time (1800)
  --policy LIST       of fifo, warm-first, fair, ours (all)
  --queued N          jobs that wait while decisions are timed; 0 times none (100000)
  --plot FILE         writes waits and backlog as an SVG image`;

/**
 * @returns `undefined` when only help is wanted
 * @throws BadUsage
 */
export function optionsIn(args: readonly string[]): SimulatorOptions | undefined {
  const { help, policy, plot, ...values } = valuesIn(args);
  if (help === true) return undefined;
  const gpus = numberIn('gpus', values.gpus, { least: 1, most: 100_000, whole: true });
  const many = { least: 1, most: 100_000_000, whole: true };
  const share = { least: 0, most: 1 };
  return {
    ...{ gpus, plot, policies: policiesIn(policy) },
    load: numberIn('load', values.load, { least: 0.01, most: 100 }),
    jobs: numberIn('jobs', values.jobs === '' ? String(JOBS_PER_GPU * gpus) : values.jobs, many),
    seed: numberIn('seed', values.seed, { ...many, least: 0 }),
    abusers: numberIn('greedy', values.greedy, { ...many, most: 10_000 }),
    abuse: numberIn('greedy-share', values['greedy-share'], share),
    swing: numberIn('swing', values.swing, share),
    periodSeconds: numberIn('period', values.period, { least: 1, most: 10_000_000 }),
    queued: numberIn('queued', values.queued, { ...many, least: 0, most: 10_000_000 }),
  };
}

function valuesIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: words, allowPositionals: false }).values;
  } catch (error) {
    // A TypeError of Node's, whose message names the word that it stumbled over.
    throw new BadUsage(error instanceof Error ? error.message : String(error));
  }
}

function numberIn(
  name: string,
  word: string,
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): number {
  const value = Number(word);
  const fine = word.trim() !== '' && value >= least && value <= most;
  if (fine && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new BadUsage(`--${name} must be ${kind} from ${least} to ${most}.`);
}

function policiesIn(list: string): PolicyName[] {
  const known = Object.keys(POLICIES) as PolicyName[];
  return list.split(',').map((word) => {
    const name = known.find((each) => each === word.trim());
    if (name === undefined) throw new BadUsage(`--policy is a list of ${known.join(', ')}.`);
    return name;
  });
}
