import pg from 'pg';
import { Fleet } from '../test/fleet.js';
import type { LoadResult } from './load.js';
import { closedLoop } from './load.js';
import { cpuMs } from './processes.js';
import { figure, say } from './say.js';
import { median, quantile } from './statistics.js';
import { watchEnds } from './watch-ends.js';

const ROUNDS = 5;
const JOBS_PER_ROUND = 3_000;
const WARM_UP_JOBS = 2_000;
const IN_FLIGHT = 32;

interface Counters {
  readonly cpu: { readonly safelight: number; readonly postgres: number; readonly nats: number };
  readonly walSyncs: number;
  readonly commits: number;
  readonly messages: number;
}

async function count(fleet: Fleet, database: pg.Client): Promise<Counters> {
  const [safelight, postgres, nats] = await Promise.all([
    cpuMs(fleet.processes.flatMap(([, child]) => child.pid ?? [])),
    cpuMs([fleet.postgres.pid]),
    cpuMs([fleet.nats.pid]),
  ]);
  const { rows } = await database.query<{ syncs: string; commits: string }>(
    `SELECT (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal') AS syncs,
            (SELECT sum(xact_commit) FROM pg_stat_database) AS commits`,
  );
  const [row] = rows;
  return {
    cpu: { safelight, postgres, nats },
    walSyncs: Number(row?.syncs),
    commits: Number(row?.commits),
    messages: await fleet.messages(),
  };
}

function report(name: string, rounds: readonly LoadResult[]): void {
  const rates = rounds.map(({ perSecond }) => perSecond);
  const submits = rounds.flatMap(({ submitMs }) => submitMs);
  const lives = rounds.flatMap(({ lifeMs }) => lifeMs);
  say(
    `${name.padEnd(34)} ${figure(median(rates)).padStart(6)} /s  (${figure(Math.min(...rates))}–${figure(Math.max(...rates))})`,
  );
  say(
    `  submit p50 / p99 ${figure(median(submits), 1)} / ${figure(quantile(submits, 0.99), 1)} ms; life p50 / p99 ${figure(median(lives), 1)} / ${figure(quantile(lives, 0.99), 1)} ms`,
  );
}

async function measure(fleet: Fleet, database: pg.Client): Promise<void> {
  const { apiKey } = await fleet.account('1000000');
  const plan = { url: fleet.url, apiKey, inFlight: IN_FLIGHT };
  const ended = await watchEnds(fleet);
  await closedLoop({ ...plan, jobs: WARM_UP_JOBS, ended });

  const before = await count(fleet, database);
  const lives: LoadResult[] = [];
  for (let i = 0; i < ROUNDS; i += 1)
    lives.push(await closedLoop({ ...plan, jobs: JOBS_PER_ROUND, ended }));
  const after = await count(fleet, database);
  const accepted: LoadResult[] = [];
  for (let i = 0; i < ROUNDS; i += 1)
    accepted.push(await closedLoop({ ...plan, jobs: JOBS_PER_ROUND }));

  say(
    `\nbuiltin/blank, one process, ${IN_FLIGHT} in flight, medians of ${ROUNDS} rounds of ${figure(JOBS_PER_ROUND)} jobs (min–max)\n`,
  );
  report('full-life jobs', lives);
  report('accepted jobs (lives go on beside)', accepted);
  perJob(before, after, ROUNDS * JOBS_PER_ROUND);
}

function perJob(before: Counters, after: Counters, jobs: number): void {
  const cpu = (part: keyof Counters['cpu']) => (after.cpu[part] - before.cpu[part]) / jobs;
  const total = cpu('safelight') + cpu('postgres') + cpu('nats');
  say(
    `\nper full-life job: CPU ${figure(total, 2)} ms (Safelight ${figure(cpu('safelight'), 2)}, PostgreSQL ${figure(cpu('postgres'), 2)}, NATS ${figure(cpu('nats'), 2)})`,
  );
  say(
    `  database transactions ${figure((after.commits - before.commits) / jobs, 2)}, WAL flushes ${figure((after.walSyncs - before.walSyncs) / jobs, 3)}, NATS messages in and out ${figure((after.messages - before.messages) / jobs, 1)}`,
  );
}

/** Whole lives of jobs, from the submit to the end, and what they cost. */
export async function benchFullLife(): Promise<void> {
  const fleet = await Fleet.start({
    layout: 'one process',
    workerSlots: 64,
    env: { LOG_LEVEL: 'warn' },
  });
  const database = new pg.Client({ connectionString: fleet.postgres.url });
  try {
    await database.connect();
    await measure(fleet, database);
  } finally {
    await database.end();
    await fleet.close();
  }
}
