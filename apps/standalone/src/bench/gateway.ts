import { parseArgs } from 'node:util';
import { Fleet } from '../test/fleet.js';
import { FLOOR_KEY, GatewayAlone } from './gateway-alone.js';
import type { LoadPlan, LoadResult } from './load.js';
import { closedLoop } from './load.js';
import { cpuMs } from './processes.js';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';
import { watchEnds } from './watch-ends.js';

const IN_FLIGHT = 32;

/** How long the benchmark goes on. */
interface Size {
  readonly rounds: number;
  readonly submits: number;
}

/** Who takes submits, what its rounds measured, and what they cost. */
interface Side {
  readonly name: string;
  readonly round: (submits: number) => Promise<LoadResult>;
  /** All that works for it, databases and bus included. */
  readonly pids: () => (number | undefined)[];
  readonly rounds: LoadResult[];
  /** CPU milliseconds a submit. */
  readonly cpu: number[];
}

/**
 * Accepted submits beside the floor, in one run and in turns, so that whatever else the machine does
 * troubles all alike. Options: `--rounds 7 --submits 3000`.
 */
export async function benchGateway(args: readonly string[]): Promise<void> {
  const size = readSize(args);
  const alone = await GatewayAlone.start();
  const fleet = await Fleet.start({
    layout: 'one process',
    workerSlots: 64,
    env: { LOG_LEVEL: 'warn' },
  });
  try {
    const floor = floorSide(alone);
    const sides = [aloneSide(alone, false), aloneSide(alone, true), await wholeSide(fleet)];
    await measure([floor, ...sides], size);
    say(
      `\n${IN_FLIGHT} in flight, medians of ${size.rounds} rounds of ${figure(size.submits)} submits, in turns (min–max)\n`,
    );
    report(floor, floor);
    for (const side of sides) report(side, floor);
  } finally {
    await Promise.all([alone.close(), fleet.close()]);
  }
}

function readSize(args: readonly string[]): Size {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '7' },
      submits: { type: 'string', default: '3000' },
    },
  });
  return { rounds: Number(values.rounds), submits: Number(values.submits) };
}

async function measure(sides: readonly Side[], { rounds, submits }: Size): Promise<void> {
  for (const { round } of sides) await round(submits);
  for (let i = 0; i < rounds; i += 1) {
    // Whoever goes first may find the disk quieter: they take turns at that too.
    for (const side of i % 2 === 0 ? sides : sides.toReversed()) {
      const pids = side.pids().filter((pid) => pid !== undefined);
      const before = await cpuMs(pids);
      side.rounds.push(await side.round(submits));
      side.cpu.push(((await cpuMs(pids)) - before) / submits);
    }
  }
}

function report({ name, rounds, cpu }: Side, floor: Side): void {
  const rates = rounds.map(({ perSecond }) => perSecond);
  const submits = rounds.flatMap(({ submitMs }) => submitMs);
  const ratios = rates.map((rate, i) => rate / (floor.rounds[i]?.perSecond ?? Number.NaN));
  const range = (values: readonly number[], digits = 0) =>
    `${figure(median(values), digits)} (${figure(Math.min(...values), digits)}–${figure(Math.max(...values), digits)})`;
  say(name);
  say(`  ${range(rates)} /s; of the floor, round by round: ${range(ratios, 2)}`);
  say(
    `  p50 / p99 ${figure(median(submits), 1)} / ${figure(quantile(submits, 0.99), 1)} ms; CPU ${figure(median(cpu), 2)} ms a submit, databases and bus included`,
  );
}

function floorSide({ floor, servers }: GatewayAlone): Side {
  const plan = { url: floor.url, apiKey: FLOOR_KEY, inFlight: IN_FLIGHT };
  return {
    name: 'floor: one select and one durable insert',
    round: (jobs) => closedLoop({ ...plan, jobs }),
    pids: () => [floor.process.pid, servers.postgres.pid],
    rounds: [],
    cpu: [],
  };
}

function aloneSide({ gateway, servers, standIn }: GatewayAlone, keys: boolean): Side {
  const plan: Omit<LoadPlan, 'jobs'> = {
    ...{ url: gateway.url, apiKey: gateway.apiKey, inFlight: IN_FLIGHT },
    idempotencyKeys: keys,
  };
  return {
    name: `gateway, a stand-in behind it${keys ? ', with idempotency keys' : ''}`,
    round: (jobs) => closedLoop({ ...plan, jobs }),
    pids: () => [gateway.process.pid, servers.postgres.pid, servers.nats.pid, standIn.pid],
    rounds: [],
    cpu: [],
  };
}

/** A round is over for the others only when the lives that it began are. */
async function wholeSide(fleet: Fleet): Promise<Side> {
  const { apiKey } = await fleet.account('1000000');
  const ended = await watchEnds(fleet);
  const plan = { url: fleet.url, apiKey, inFlight: IN_FLIGHT };
  const round = async (jobs: number) => {
    const lives: Promise<void>[] = [];
    const accepted = async (jobId: string) => void lives.push(ended(jobId));
    const result = await closedLoop({ ...plan, jobs, ended: accepted });
    await Promise.all(lives);
    return result;
  };
  return {
    name: 'all of Safelight in one process, while the accepted jobs live their lives',
    round,
    pids: () => [
      ...fleet.processes.map(([, child]) => child.pid),
      fleet.postgres.pid,
      fleet.nats.pid,
    ],
    rounds: [],
    cpu: [],
  };
}
