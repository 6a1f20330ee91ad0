import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { audit } from './audit.js';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';
import { seeded } from './random.js';

const KEYS = 200;
const DUPLICATES = 50;
const LANES = 24;
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 100_000);
/** How soon a client that was turned away comes back. */
const IMPATIENCE_MS = 20;
const VICTIMS = ['gateway', 'orchestrator', 'gateway', 'billing', 'gateway', 'gateway'] as const;

const body = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

describe(`${KEYS} idempotency keys × ${DUPLICATES} duplicates with kills between (seed ${SEED})`, () => {
  let fleet: Fleet;
  let database: pg.Client;
  beforeAll(async () => {
    fleet = await Fleet.start({ layout: 'apart', gateways: 2, workerSlots: 8 });
    database = new pg.Client({ connectionString: fleet.postgres.url });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await fleet.close();
  }, 60_000);

  /**
   * A request whose gateway died is busy until its minute is over. The test lets that minute pass
   * for all of them, also for those that are still running: harder than life.
   */
  async function killAndLetTimePass(victim: string, random: () => number): Promise<void> {
    const processes = fleet.of(victim);
    processes[Math.floor(random() * processes.length)]?.kill();
    await database.query(
      'update gateway.idempotency_keys set busy_until = now() where status is null',
    );
  }

  /** Asks until the answer is the request's own; what became of each try does not matter. */
  async function askUntilAnswered(clients: TestClient[], key: string, first: number) {
    for (let turn = first; ; turn += 1) {
      const client = clients[turn % clients.length] as TestClient;
      const answer = await client.generate(body, { 'idempotency-key': key }).catch(() => undefined);
      if (answer?.status === 202) return answer.text;
      if (answer !== undefined) expect([409, 503]).toContain(answer.status);
      if (answer?.status === 409) await timePassed();
      await pause(IMPATIENCE_MS);
    }
  }
  let passing: Promise<unknown> | undefined;
  const timePassed = () =>
    (passing ??= database
      .query(
        `update gateway.idempotency_keys set busy_until = now()
         where status is null and created_at < now() - interval '3 seconds'`,
      )
      .finally(() => (passing = undefined)));

  it('have 200 effects, and each key one answer', async () => {
    const random = seeded(SEED);
    const { apiKey, accountId } = await fleet.account('1000');
    const clients = fleet.urls.map((url) => new TestClient(url, apiKey));
    const asks = Array.from({ length: KEYS * DUPLICATES }, (_, i) => ({
      key: `key-${Math.floor(i / DUPLICATES)}`,
      at: Math.floor(i / DUPLICATES) + random() * 4,
    })).sort((a, b) => a.at - b.at);
    const answers = new Map<string, Set<string>>();
    let asked = 0;
    let kills = 0;
    const lane = async () => {
      while (asked < asks.length) {
        const { key } = asks[asked] as (typeof asks)[number];
        asked += 1;
        if (asked > ((kills + 1) * asks.length) / (VICTIMS.length + 1) && kills < VICTIMS.length) {
          kills += 1;
          await killAndLetTimePass(VICTIMS[kills - 1] as string, random);
        }
        const text = await askUntilAnswered(clients, key, asked);
        answers.set(key, (answers.get(key) ?? new Set()).add(text));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));

    expect(kills).toBe(VICTIMS.length);
    expect([...answers.values()].filter(({ size }) => size !== 1)).toEqual([]);
    const jobs = [...answers.values()].map(
      ([text]) => (JSON.parse(text as string) as { data: { id: string } }).data.id,
    );
    expect(new Set(jobs).size).toBe(KEYS);
    const client = clients[0] as TestClient;
    await fleet.ready();
    const ends = await Promise.all(jobs.map((id) => client.ended(id, 120_000)));
    expect(ends.filter(({ status }) => status !== 'completed')).toEqual([]);
    const { rows } = await database.query<{ jobs: number }>(
      'select count(*)::int as jobs from orchestrator.jobs where account_id = $1',
      [accountId],
    );
    expect(rows).toEqual([{ jobs: KEYS }]);
    const { json } = await client.get('/api/v1/account');
    expect(json.data.credits).toMatchObject({ available: '800' });
    expect(await audit(fleet.postgres.url)).toEqual({});
  }, 240_000);
});
