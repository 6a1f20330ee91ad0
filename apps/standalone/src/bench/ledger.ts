import { parseArgs } from 'node:util';
import { billingDatabases, type BillingDatabases } from '@safelight/billing/bench';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';
import {
  naiveRowLocks,
  plainInserts,
  throughTheLedger,
  type Place,
  type TransferWay,
} from './transfer.js';

interface Size {
  readonly rounds: number;
  /** How long each way works in a round, milliseconds. */
  readonly roundMs: number;
  /** Requests at a time, and connections of the ways that commit one by one. */
  readonly inFlight: number;
}

interface Round {
  readonly perSecond: number;
  readonly waitsMs: readonly number[];
}

interface Side {
  readonly way: TransferWay;
  readonly rounds: Round[];
}

const SPREAD_OVER = 1_000;
const WARM_UP_MS = 1_000;

/**
 * The ledger beside a plain durable insert per request and beside the naive way of row locks, in
 * one run and in turns, so that whatever else the machine does troubles all alike. Options:
 * `--rounds 5 --round-ms 2000 --in-flight 64`.
 */
export async function benchLedger(args: readonly string[]): Promise<void> {
  const size = readSize(args);
  // Two ways keep a connection for each request in flight; the ledger's pool has ten.
  const connections = (2 * size.inFlight + 40).toString();
  const postgres = await billingDatabases({
    ...{ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' },
    max_connections: connections,
  });
  try {
    await benchOver(postgres, SPREAD_OVER, size);
    await benchOver(postgres, 1, size);
  } finally {
    await postgres.stop();
  }
}

function readSize(args: readonly string[]): Size {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      'round-ms': { type: 'string', default: '2000' },
      'in-flight': { type: 'string', default: '64' },
    },
  });
  return {
    rounds: Number(values.rounds),
    roundMs: Number(values['round-ms']),
    inFlight: Number(values['in-flight']),
  };
}

async function benchOver(postgres: BillingDatabases, accounts: number, size: Size) {
  const accountIds = Array.from({ length: accounts }, (_, n) => `acc_${n}`);
  const { url, adminUrl } = await postgres.create();
  const place = { connections: size.inFlight, accountIds };
  const limit = sideOf(await plainInserts({ ...place, url: adminUrl }));
  const naive = sideOf(await naiveRowLocks({ ...place, url: adminUrl }));
  const ledger = sideOf(await throughTheLedger({ ...place, url }));
  const sides = [limit, naive, ledger];
  try {
    for (const { way } of sides) await roundOf(way, place, { ...size, roundMs: WARM_UP_MS });
    for (let i = 0; i < size.rounds; i += 1) {
      // Whoever goes first may find the disk quieter: they take turns at that too.
      for (const side of i % 2 === 0 ? sides : sides.toReversed()) {
        side.rounds.push(await roundOf(side.way, place, size));
      }
    }
  } finally {
    await Promise.all(sides.map(({ way }) => way.close()));
  }
  say(
    `\n${size.inFlight} in flight over ${figure(accounts)} account${accounts === 1 ? '' : 's'}, medians of ${size.rounds} rounds of ${figure(size.roundMs)} ms, in turns (min–max)\n`,
  );
  for (const side of sides) report(side, { limit, naive });
}

const sideOf = (way: TransferWay): Side => ({ way, rounds: [] });

let transfers = 0;

/** Keeps `inFlight` transfers under way until the time is over; account after account. */
async function roundOf(
  way: TransferWay,
  { accountIds }: Pick<Place, 'accountIds'>,
  { inFlight, roundMs }: Size,
): Promise<Round> {
  const waitsMs: number[] = [];
  const started = performance.now();
  const lane = async () => {
    while (performance.now() - started < roundMs) {
      const n = (transfers += 1);
      const begun = performance.now();
      await way.transfer(`job_${n}`, accountIds[n % accountIds.length] ?? '');
      waitsMs.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { perSecond: (waitsMs.length * 1000) / (performance.now() - started), waitsMs };
}

function report({ way, rounds }: Side, { limit, naive }: Record<'limit' | 'naive', Side>): void {
  const rates = rounds.map(({ perSecond }) => perSecond);
  const waits = rounds.flatMap(({ waitsMs }) => waitsMs);
  const timesOf = (other: Side) =>
    figure(median(rounds.map((r, i) => r.perSecond / (other.rounds[i]?.perSecond ?? 0))), 2);
  say(way.name);
  say(
    `  ${figure(median(rates))} (${figure(Math.min(...rates))}–${figure(Math.max(...rates))}) /s; round by round ${timesOf(limit)} × the limit, ${timesOf(naive)} × the naive way`,
  );
  const slowest = rounds.map(({ waitsMs }) => quantile(waitsMs, 0.99));
  const span = [Math.min(...slowest), Math.max(...slowest)].map((ms) => figure(ms, 2)).join('–');
  say(`  p50 / p99 ${figure(median(waits), 2)} / ${figure(median(slowest), 2)} (${span}) ms`);
}
