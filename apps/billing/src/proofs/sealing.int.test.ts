import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { live, proofWorld, type ProofWorld } from '../test/proof-world.js';
import { Sealer } from './sealer.js';

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

describe('sealing', () => {
  it('takes everything once, in one order, whoever seals while many write', async () => {
    const here = await world();
    const other = new Sealer(here.pool, 5);
    const names = Array.from({ length: 60 }, (_, n) => `account${n}`);
    let writing = true;
    const seal = async (sealer: Sealer) => {
      while (writing) await sealer.run();
    };
    const sealing = [seal(here.sealer), seal(other)];
    await Promise.all(names.map((name) => live(here.ledger, name)));
    writing = false;
    await Promise.all(sealing);
    await here.heads.current();
    const order = await rowsOf<{ id: string }>(
      here,
      'select id from billing.transactions order by written_by, account_id, sequence',
    );
    const sealed = await rowsOf<{ id: string }>(
      here,
      'select transaction_id as id from billing.ledger_leaves order by position',
    );
    expect(order).toHaveLength(180);
    expect(sealed).toEqual(order);
    const blocks = await rowsOf(here, 'select height from billing.ledger_blocks order by height');
    expect(blocks).toEqual(blocks.map((_, n) => ({ height: BigInt(n + 1) })));
  });

  it('waits for a database transaction that is still under way, so that none comes too late', async () => {
    const here = await world();
    const slow = await here.admin.connect();
    await slow.query('begin');
    await slow.query(`insert into billing.transactions (id, kind, account_id, sequence,
        available_micros, held_micros, promotions_micros, payments_micros, revenue_micros,
        refunds_micros, available_after_micros, held_after_micros, paid_micros, paid_after_micros,
        metadata)
      values ('grant:slow', 'grant', 'slow', 1, 5, 0, -5, 0, 0, 0, 5, 0, 0, 0, '{}')`);
    await live(here.ledger, 'quick');
    await here.sealer.run();
    expect(await rowsOf(here, 'select 1 from billing.ledger_leaves')).toEqual([]);
    await slow.query('commit');
    slow.release();
    await here.heads.current();
    const [first] = await rowsOf(
      here,
      'select transaction_id from billing.ledger_leaves where position = 0',
    );
    expect(first).toEqual({ transaction_id: 'grant:slow' });
  });

  it('refuses to go on in a cluster whose transaction numbers are younger than the ledger’s', async () => {
    const here = await world();
    await live(here.ledger, 'ann');
    await here.sealer.run();
    await here.admin.query(`alter table billing.ledger_blocks disable trigger all`);
    await here.admin.query(`update billing.ledger_blocks set horizon = '99999999999'`);
    await expect(here.sealer.run()).rejects.toThrow('transaction numbers lie before');
  });
});

describe('the tables', () => {
  const tables = ['leaves', 'nodes', 'blocks', 'keys', 'heads'];
  it.each(tables)('ledger_%s can only be added to, by anybody', async (name) => {
    const here = await world();
    await live(here.ledger, 'ann');
    await here.heads.current();
    const table = `billing.ledger_${name}`;
    for (const verb of [`update ${table} set hash = hash`, `delete from ${table}`]) {
      const sound = name === 'keys' ? verb.replace('hash = hash', 'key_id = key_id') : verb;
      const fitting = ['blocks', 'heads'].includes(name)
        ? sound.replace('hash = hash', 'tree_size = tree_size')
        : sound;
      for (const pool of [here.pool, here.admin]) {
        await expect(pool.query(fitting)).rejects.toMatchObject({ code: '42501' });
      }
    }
    await expect(here.admin.query(`truncate ${table} cascade`)).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('take no block that does not continue the chain', async () => {
    const here = await world();
    await live(here.ledger, 'ann');
    await here.sealer.run();
    const forge = (changes: string) =>
      here.pool.query(`insert into billing.ledger_blocks
        select (b).* from (select jsonb_populate_record(b, ${changes}) as b
          from billing.ledger_blocks b order by height desc limit 1) t`);
    for (const changes of [
      `'{"height": 3, "tree_size": 4}'`,
      `'{"height": 2, "tree_size": 4}'`,
      `jsonb_build_object('height', 2, 'tree_size', 4, 'previous_hash', b.block_hash)`,
    ]) {
      await expect(forge(changes)).rejects.toMatchObject({ code: '23514' });
    }
  });
});
