import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '@safelight/postgres';
import {
  verifyConsistency,
  verifyEntryStands,
  verifyInclusion,
  verifySignedHead,
  type SignedHead,
} from '@safelight/sdk';
import { leafBytes } from '../migrations/1764100000000-proofs.js';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { grant } from '../test/commands.js';
import { live, proofWorld, told, type ProofWorld } from '../test/proof-world.js';

let databases: BillingDatabases;
const worlds: ProofWorld[] = [];
beforeAll(async () => {
  databases = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()));
  await databases.stop();
});

async function world(): Promise<ProofWorld> {
  const made = await proofWorld(databases);
  worlds.push(made);
  return made;
}

const rowsOf = async <Row extends object>({ admin }: ProofWorld, text: string) =>
  (await admin.query<Row>(text)).rows;

describe('what a customer is given', () => {
  it('proves every entry in every later head, and every head by the one before', async () => {
    const here = await world();
    const heads: SignedHead[] = [];
    for (let n = 0; n < 12; n += 1) {
      await live(here.ledger, `account${n}`);
      heads.push(told(await here.heads.current()));
    }
    expect(heads.map(({ tree_size }) => tree_size)).toEqual(heads.map((_, n) => 3 * (n + 1)));
    const keys = await here.keys();
    for (const [n, head] of heads.entries()) {
      verifySignedHead(head, keys);
      for (const sequence of [1, 2, 3]) {
        const proof = await here.inclusion(`account${n}`, sequence, head.tree_size);
        const entry = verifyInclusion(proof, head);
        expect(entry).toMatchObject({ account_id: `account${n}`, sequence: String(sequence) });
        for (const newer of heads.slice(n)) {
          const consistency = await here.consistency(head.tree_size, newer.tree_size);
          const again = await here.inclusion(`account${n}`, sequence, newer.tree_size);
          const evidence = { keys, older: head, newer, consistency, inclusion: proof, again };
          expect(verifyEntryStands(evidence)).toEqual(entry);
        }
      }
    }
  });

  it('says in the leaf exactly what the ledger says', async () => {
    const here = await world();
    await live(here.ledger, 'ann');
    const head = told(await here.heads.current());
    const [row] = await rowsOf<{ recorded: string; metadata: string }>(
      here,
      `select metadata::text, to_char(recorded_at at time zone 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded
       from billing.transactions where account_id = 'ann' and sequence = 3`,
    );
    const entry = verifyInclusion(await here.inclusion('ann', 3), head);
    expect(entry).toEqual({
      format: 'safelight-ledger-entry-1',
      salt: expect.stringMatching(/^[0-9a-f-]{36}$/),
      id: 'settle:job-ann',
      kind: 'captured',
      account_id: 'ann',
      sequence: '3',
      available_micros: '2',
      held_micros: '-4',
      promotions_micros: '0',
      payments_micros: '0',
      revenue_micros: '2',
      refunds_micros: '0',
      adjustments_micros: '0',
      losses_micros: '0',
      available_after_micros: '8',
      held_after_micros: '0',
      paid_micros: '0',
      paid_after_micros: '0',
      metadata: row!.metadata,
      recorded_at: row!.recorded,
      written_by: expect.stringMatching(/^\d+$/),
    });
  });

  it('leaves no column of the ledger out', async () => {
    const columns = await rowsOf<{ name: string }>(
      await world(),
      `select column_name as name from information_schema.columns
       where table_schema = 'billing' and table_name = 'transactions'`,
    );
    expect(columns.length).toBeGreaterThan(17);
    const bytes = leafBytes('row', 'salt');
    const missing = columns.filter(({ name }) => !bytes.includes(`'${name}', `));
    expect(missing).toEqual([]);
  });

  it('has the same bytes whatever a session is set to', async () => {
    const here = await world();
    await live(here.ledger, 'ann');
    await here.heads.current();
    const leaves = `select encode(billing.leaf(t, l.salt), 'hex') as leaf, l.hash
      from billing.ledger_leaves l join billing.transactions t on t.id = l.transaction_id
      order by position`;
    const plain = await rowsOf(here, leaves);
    const other = createPool({ url: here.url, applicationName: 'test', max: 1 });
    await other.query(`set timezone = 'Asia/Kathmandu'; set datestyle = 'German'`);
    await other.query(`set intervalstyle = 'sql_standard'; set bytea_output = 'escape'`);
    expect((await other.query<object>(leaves)).rows).toEqual(plain);
    await other.end();
  });

  it('never repeats a salt', async () => {
    const here = await world();
    for (const name of ['ann', 'bob', 'cyd']) await live(here.ledger, name);
    await here.sealer.run();
    const salts = await rowsOf<{ salt: string }>(here, 'select salt from billing.ledger_leaves');
    expect(new Set(salts.map(({ salt }) => salt)).size).toBe(9);
  });

  it.each([
    ['an entry that never was', 'ann', 9, undefined, 'entry.not_found'],
    ['an account that never was', 'eve', 1, undefined, 'entry.not_found'],
    ['a size that was never signed', 'ann', 1, 2, 'head.unknown'],
    ['a head from before the entry', 'bob', 1, 3, 'head.before_entry'],
    ['an entry that is not sealed yet', 'cyd', 1, undefined, 'entry.not_sealed'],
  ])('refuses %s', async (_, account, sequence, size, code) => {
    const here = await world();
    await live(here.ledger, 'ann');
    await here.heads.current();
    await live(here.ledger, 'bob');
    await here.heads.current();
    await here.ledger.execute(grant('cyd', 1n));
    await expect(here.inclusion(account, sequence, size)).rejects.toMatchObject({ code });
  });

  it('refuses to lead to a tree that is not there yet', async () => {
    const here = await world();
    await expect(here.consistency(1, 2)).rejects.toMatchObject({ code: 'tree.smaller' });
  });
});

describe('heads', () => {
  it('are signed when the newest is too old, whatever happened, and not before', async () => {
    const here = await world();
    await here.heads.keepUp(0);
    expect(await rowsOf(here, 'select 1 from billing.ledger_heads')).toEqual([]);
    await live(here.ledger, 'ann');
    await here.heads.keepUp(3_600_000);
    await here.heads.keepUp(3_600_000);
    await here.heads.keepUp(0);
    const heads = await rowsOf(here, 'select number, tree_size from billing.ledger_heads');
    expect(heads).toEqual([
      { number: 1n, tree_size: 3n },
      { number: 2n, tree_size: 3n },
    ]);
  });

  it('are signed for whoever asks, once for each state of the ledger', async () => {
    const here = await world();
    expect(await here.heads.current()).toMatchObject({ number: 1, treeSize: 0 });
    await live(here.ledger, 'ann');
    const asked = await Promise.all([1, 2, 3, 4].map(() => here.heads.current()));
    expect(asked.map(({ number, treeSize }) => [number, treeSize])).toEqual(
      asked.map(() => [2, 3]),
    );
  });
});

it('tells another ledger’s history apart', async () => {
  const [here, there] = [await world(), await world()];
  for (const one of [here, there]) {
    await live(one.ledger, 'ann');
    await live(one.ledger, 'bob');
  }
  const [mine, theirs] = [told(await here.heads.current()), told(await there.heads.current())];
  const proof = await here.inclusion('ann', 1);
  expect(() => verifyInclusion(proof, theirs)).toThrow('does not stand');
  expect(() => verifyConsistency({ from: 6, to: 6, path: [] }, mine, theirs)).toThrow(
    'does not begin with',
  );
});
