import { createPool } from '@safelight/postgres';
import { Ledger } from '../ledger/ledger.writer.js';
import { billingDatabases } from '../test/billing-database.js';
import { grant, hold } from '../test/commands.js';

/** Holds a second through the ledger, durable: `node dist/bench/holds.js`. */
const inFlight = 32;
const total = 30_000;

async function measure(url: string, accounts: number, processes: number): Promise<string> {
  const scope = `${accounts}-${processes}`;
  const pools = Array.from({ length: processes }, () =>
    createPool({ url, applicationName: scope }),
  );
  let overtaken = 0;
  const ledgers = pools.map((pool) => new Ledger({ pool, onFault: () => (overtaken += 1) }));
  const accountOf = (n: number) => `${scope}-acc${n % accounts}`;
  for (let n = 0; n < accounts; n += 1) await ledgers[0]?.execute(grant(accountOf(n), 10n ** 12n));
  const waitsMs: number[] = [];
  let next = 0;
  const worker = async (ledger: Ledger) => {
    while (next < total) {
      const n = next++;
      const startMs = performance.now();
      await ledger.execute(hold(`${scope}-job${n}`, accountOf(n)));
      waitsMs.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: inFlight / processes }, () => ledgers.map(worker)).flat());
  const perSecond = Math.round((total / (performance.now() - startMs)) * 1_000);
  await Promise.all(pools.map((pool) => pool.end()));
  waitsMs.sort((a, b) => a - b);
  const at = (share: number) => (waitsMs[Math.floor(waitsMs.length * share)] ?? 0).toFixed(2);
  return [
    `${accounts} account(s), ${processes} ledger(s), ${inFlight} in flight:`,
    `${perSecond}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, overtaken ${overtaken}`,
  ].join(' ');
}

const postgres = await billingDatabases({ fsync: 'on', full_page_writes: 'on' });
try {
  const { url } = await postgres.create();
  for (const [accounts, processes] of [
    [1, 1],
    [100, 1],
    [1, 2],
    [100, 2],
  ] as const) {
    console.log(await measure(url, accounts, processes));
  }
} finally {
  await postgres.stop();
}
