import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { Ledger } from '../ledger/ledger.writer.js';
import { billingDatabases } from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import { ownCpuMicros, serverCpuMicros } from './cpu.js';

/**
 * Holds and their captures through the ledger, durable: `node dist/bench/holds.js`. CPU is per
 * command, of which every job has two.
 */
interface Plan {
  readonly accounts: number;
  readonly ledgers: number;
  readonly inFlight: number;
  readonly jobs: number;
}

const plans: readonly Plan[] = [
  { accounts: 1, ledgers: 1, inFlight: 1, jobs: 3_000 },
  { accounts: 1, ledgers: 1, inFlight: 4, jobs: 6_000 },
  { accounts: 100, ledgers: 1, inFlight: 4, jobs: 6_000 },
  { accounts: 1, ledgers: 1, inFlight: 32, jobs: 20_000 },
  { accounts: 100, ledgers: 1, inFlight: 32, jobs: 20_000 },
  { accounts: 1, ledgers: 2, inFlight: 32, jobs: 10_000 },
  { accounts: 100, ledgers: 2, inFlight: 32, jobs: 10_000 },
];

const scopeOf = ({ accounts, ledgers, inFlight }: Plan) => `${accounts}-${ledgers}-${inFlight}`;
const accountOf = (plan: Plan, n: number) => `${scopeOf(plan)}-acc${n % plan.accounts}`;

interface Used {
  readonly ms: number;
  readonly node: number;
  readonly postgres: number;
  readonly commits: number;
}

async function used(pid: number, pool: pg.Pool): Promise<Used> {
  const { rows } = await pool.query<{ commits: bigint }>(
    `select xact_commit as commits from pg_stat_database where datname = current_database()`,
  );
  const commits = Number(rows[0]?.commits);
  const postgres = await serverCpuMicros(pid);
  return { ms: performance.now(), node: ownCpuMicros(), postgres, commits };
}

/** Runs the plan's jobs, each a hold and then its capture. @returns how long each command took */
async function live(plan: Plan, jobScope: string, ledgers: readonly Ledger[]): Promise<number[]> {
  const waitsMs: number[] = [];
  let next = 0;
  const timed = async (work: Promise<unknown>) => {
    const startMs = performance.now();
    await work;
    waitsMs.push(performance.now() - startMs);
  };
  const worker = async (ledger: Ledger) => {
    while (next < plan.jobs) {
      const n = next++;
      const jobId = `${scopeOf(plan)}-${jobScope}${n}`;
      await timed(ledger.execute(hold(jobId, accountOf(plan, n))));
      await timed(ledger.execute(capture(jobId)));
    }
  };
  const perLedger = Array.from({ length: plan.inFlight / plan.ledgers });
  await Promise.all(perLedger.flatMap(() => ledgers.map(worker)));
  return waitsMs.sort((a, b) => a - b);
}

async function measure(url: string, pid: number, plan: Plan): Promise<string> {
  const open = () => createPool({ url, applicationName: scopeOf(plan) });
  const watcher = open();
  const pools = Array.from({ length: plan.ledgers }, open);
  let faults = 0;
  const ledgers = pools.map((pool) => new Ledger({ pool, onFault: () => (faults += 1) }));
  for (let n = 0; n < plan.accounts; n += 1) {
    await new Ledger({ pool: watcher }).execute(grant(accountOf(plan, n), 10n ** 12n));
  }
  await live({ ...plan, jobs: 500 }, 'early', ledgers);
  faults = 0;
  const before = await used(pid, watcher);
  const waitsMs = await live(plan, 'job', ledgers);
  const after = await used(pid, watcher);
  await Promise.all([watcher, ...pools].map((pool) => pool.end()));
  return told(plan, before, after, waitsMs, faults);
}

function told(plan: Plan, from: Used, to: Used, waitsMs: readonly number[], faults: number) {
  const commands = waitsMs.length;
  const per = (key: keyof Used) => (to[key] - from[key]) / commands;
  const at = (share: number) => (waitsMs[Math.floor(commands * share)] ?? 0).toFixed(2);
  return [
    `${plan.accounts} account(s), ${plan.ledgers} ledger(s), ${plan.inFlight} in flight:`,
    `${Math.round(1_000 / per('ms'))} commands/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms,`,
    `CPU µs per command: PostgreSQL ${per('postgres').toFixed(0)}, Node ${per('node').toFixed(0)};`,
    `${per('commits').toFixed(2)} transactions per command, ${faults} faults`,
  ].join(' ');
}

const postgres = await billingDatabases({ fsync: 'on', full_page_writes: 'on' });
try {
  const { url } = await postgres.create();
  for (const plan of plans) console.log(await measure(url, postgres.pid, plan));
} finally {
  await postgres.stop();
}
