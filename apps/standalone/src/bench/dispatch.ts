import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  DispatchPlace,
  ended,
  SimulatedFleet,
  type DispatcherProcess,
} from '@safelight/gpu-dispatch/bench';
import { cpuMs } from './processes.js';
import { quantileOfHistogram, readMetrics, type Scraped } from './scraped.js';
import { figure, say } from './say.js';

interface Size {
  readonly workers: number;
  readonly jobs: number;
  readonly seconds: number;
  /** Jobs a second while the time to the acceptance is measured. */
  readonly pace: number;
}

const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
/** Jobs that wait or run at a time: so many that no worker idles. */
const OUTSTANDING_PER_WORKER = 3;
const PACED_AT_A_TIME = 20;
const SUBMIT_AT_A_TIME = 200;
const LOOK_MS = 20;
const WARM_UP_MS = 8_000;
const HANDOVER = 'handover_seconds';
const COMMITS = 'event_store_batch_units';

/**
 * One dispatcher process, real PostgreSQL and NATS, and a fleet of simulated workers: how many
 * assignments a second, how long from the decision to the worker's acceptance, and how soon jobs are
 * assigned again after the dispatcher was killed with a long queue. Options:
 * `--workers 1000 --jobs 100000 --seconds 20 --pace 400`; the pace is to be one that machine and fleet
 * keep up with: in a queue that only grows everything waits. `--seconds 0` leaves the first part out.
 */
export async function benchDispatch(args: readonly string[]): Promise<void> {
  const size = readSize(args);
  const place = await DispatchPlace.build(DURABLE);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      place.abandon();
      process.exit(1);
    });
  }
  const fleet = await SimulatedFleet.start(place.nats.url, {
    ...{ workers: size.workers, connections: 4, slots: 1, heartbeatMs: 5_000 },
    workMs: () => 50 + Math.random() * 100,
  });
  try {
    if (size.seconds > 0) await throughput(place, fleet, size);
    await killed(place, fleet, size);
  } finally {
    await fleet.stop();
    await place.close();
  }
}

function readSize(args: readonly string[]): Size {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workers: { type: 'string', default: '1000' },
      jobs: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '20' },
      pace: { type: 'string', default: '400' },
    },
  });
  const { workers, jobs, seconds, pace } = values;
  return {
    ...{ workers: Number(workers), jobs: Number(jobs) },
    ...{ seconds: Number(seconds), pace: Number(pace) },
  };
}

/** Jobs come over JetStream as fast as they are done; the whole life of an assignment. */
async function throughput(place: DispatchPlace, fleet: SimulatedFleet, size: Size) {
  const dispatcher = await place.dispatcher();
  const { sightings } = fleet;
  const most = size.workers * OUTSTANDING_PER_WORKER;
  let submitted = 0;
  const feed = async (untilMs: number) => {
    while (performance.now() < untilMs) {
      if (submitted - sightings.completed > most) await pause(LOOK_MS);
      else {
        await place.submit(SUBMIT_AT_A_TIME);
        submitted += SUBMIT_AT_A_TIME;
      }
    }
  };
  while (sightings.accepted === 0) await feed(performance.now() + LOOK_MS);
  // Every worker has offered by then, and the code is warm.
  await feed(performance.now() + WARM_UP_MS);
  const scene = { dispatcher, fleet, place };
  const measured = await measure(scene, () => feed(performance.now() + size.seconds * 1_000));
  say(`${size.workers} workers, jobs over JetStream, PostgreSQL durable`);
  tell('as fast as it can', measured);
  await drained(place, `${size.workers} workers`);
  tell(`at ${size.pace} jobs/s`, await measure(scene, () => paced(place, size)));
  await drained(place, 'paced');
  await ended(dispatcher.child, 'SIGTERM');
}

async function paced(place: DispatchPlace, { pace, seconds }: Size): Promise<void> {
  const begun = performance.now();
  for (let sent = 0; sent < pace * seconds; sent += PACED_AT_A_TIME) {
    await pause(Math.max(0, (sent / pace) * 1_000 - (performance.now() - begun)));
    await place.submit(PACED_AT_A_TIME);
  }
}

interface Measured {
  readonly assigned: number;
  readonly seconds: number;
  /** CPU milliseconds of the dispatcher, of PostgreSQL and NATS, and of the fleet with its feeder. */
  readonly cpu: readonly number[];
  /** Commands that share a commit, on average. */
  readonly sharing: number;
  /** Upper bounds of p50 and p99 from the decision to the acceptance, in seconds. */
  readonly within: readonly number[];
}

interface Scene {
  readonly dispatcher: DispatcherProcess;
  readonly fleet: SimulatedFleet;
  readonly place: DispatchPlace;
}

async function measure(scene: Scene, run: () => Promise<void>): Promise<Measured> {
  const { child, metricsUrl } = scene.dispatcher;
  const { sightings } = scene.fleet;
  const cpuNow = async () => {
    const [own, servers] = [await cpuMs([child.pid ?? 0]), await cpuMs(scene.place.servers)];
    const { user, system } = process.cpuUsage();
    return [own, servers, (user + system) / 1_000];
  };
  const [before, cpuBefore] = [await readMetrics(metricsUrl), await cpuNow()];
  const [accepted, begun] = [sightings.accepted, performance.now()];
  await run();
  const seconds = (performance.now() - begun) / 1_000;
  const assigned = sightings.accepted - accepted;
  const cpu = (await cpuNow()).map((ms, n) => ms - (cpuBefore[n] ?? 0));
  const looks = { before, after: await readMetrics(metricsUrl) };
  const within = [0.5, 0.99].map((share) => quantileOfHistogram(HANDOVER, looks, share));
  const grown = (name: string) => total(looks.after, name) - total(looks.before, name);
  const sharing = grown(`${COMMITS}_sum`) / grown(`${COMMITS}_count`);
  return { assigned, seconds, cpu, within, sharing };
}

const total = (scraped: Scraped, name: string): number =>
  [...scraped].reduce(
    (sum, [key, n]) => (key.startsWith(`${name}{`) || key === name ? sum + n : sum),
    0,
  );

function tell(how: string, { assigned, seconds, cpu, within, sharing }: Measured): void {
  say(`  ${how}: ${figure(assigned / seconds)} assignments/s (${figure(assigned)})`);
  const each = cpu.map((ms) => figure(ms / assigned, 2));
  say(
    `    CPU for each: dispatcher ${each[0]}, servers ${each[1]}, fleet and feeder ${each[2]} ms`,
  );
  const bounds = within.map((bound) => figure(bound * 1_000)).join(' / ');
  say(`    commands in a commit: ${figure(sharing, 1)}`);
  say(`    decision → accepted: p50 / p99 within ${bounds} ms`);
}

/** Killed with a long queue, and started anew at once. */
async function killed(place: DispatchPlace, fleet: SimulatedFleet, size: Size) {
  const { sightings } = fleet;
  const open = await place.seed(size.jobs);
  const first = await place.dispatcher();
  const startedAt = sightings.accepted;
  const reached = async (accepted: number) => {
    while (sightings.accepted < accepted) await pause(1);
  };
  await reached(startedAt + Math.min(2_000, size.jobs / 50));
  const { epoch } = sightings;
  const killedMs = performance.now();
  await ended(first.child, 'SIGKILL');
  const left = await place.open();
  const restartedMs = performance.now();
  const second = await place.dispatcher();
  while (sightings.epoch === epoch) await pause(1);
  const cpu = await cpuMs([second.child.pid ?? 0]);
  say(`killed with ${figure(left)} of ${figure(open)} jobs open`);
  const since = (ms: number) => figure((sightings.epochSinceMs - ms) / 1_000, 2);
  say(
    `  assigns again after ${since(restartedMs)} s from its start, ${since(killedMs)} s from the kill`,
  );
  say(`  its process has used ${figure(cpu / 1_000, 2)} s of CPU by then`);
  say(`  ${told(await place.faults())} by then`);
  await drained(place, 'killed');
  await ended(second.child, 'SIGTERM');
}

async function drained(place: DispatchPlace, what: string): Promise<void> {
  while ((await place.open()) > 0) await pause(200);
  say(`  ${what}, drained: ${told(await place.faults())}`);
}

type Faults = Awaited<ReturnType<DispatchPlace['faults']>>;

const told = ({ lost, leasedTwice, endedTwice }: Faults): string =>
  `lost ${lost}, leased twice ${leasedTwice}, ended twice ${endedTwice}`;
