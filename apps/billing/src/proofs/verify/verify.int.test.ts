import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billingDatabases, type BillingDatabases } from '../../test/billing-database.js';
import { grant } from '../../test/commands.js';
import { live, proofWorld, type ProofWorld } from '../../test/proof-world.js';
import { sentenceOf } from './difference.js';
import { verifyLedger, type VerifyOptions } from './verify-ledger.js';

let databases: BillingDatabases;
beforeAll(async () => {
  // Its database transactions would now and then split a block in two.
  databases = await billingDatabases({ autovacuum: 'off' });
});
afterAll(async () => {
  await databases.stop();
});

/**
 * Seven accounts with three entries each, signed after each: 21 entries, 0 to 20, in seven blocks;
 * then two entries that are not sealed.
 */
async function ledgerOf(run: (world: ProofWorld) => Promise<void>): Promise<void> {
  const world = await proofWorld(databases);
  try {
    for (let n = 0; n < 7; n += 1) {
      await live(world.ledger, `account${n}`);
      await world.heads.current();
    }
    await world.ledger.execute(grant('late', 5n));
    await world.ledger.execute(grant('later', 5n));
    await run(world);
  } finally {
    await world.close();
  }
}

const verdictOf = (world: ProofWorld, more: Partial<VerifyOptions> = {}) =>
  verifyLedger({ url: world.url, ...more });

/** As a superuser who switches off whatever refuses. */
async function behindTheGuards(world: ProofWorld, ...statements: string[]): Promise<void> {
  const client = await world.admin.connect();
  await client.query(`set session_replication_role = 'replica'`);
  for (const statement of statements) await client.query(statement);
  client.release(true);
}

const tampered = async (...statements: string[]) => {
  let found: string[] = [];
  await ledgerOf(async (world) => {
    await behindTheGuards(world, ...statements);
    found = (await verdictOf(world)).differences.map(sentenceOf);
  });
  return found;
};

const T = 'billing.transactions';
const leafHashOf = `sha256('\\x00'::bytea || billing.leaf(t, l.salt))`;

describe('the verifier', () => {
  it('finds nothing in a sound ledger, and tells what it saw', async () => {
    await ledgerOf(async (world) => {
      expect(await verdictOf(world)).toEqual({
        ...{ entries: 21, blocks: 7, heads: 7, unsealed: 2, differences: [] },
      });
    });
  });

  it('finds nothing in an empty one', async () => {
    const world = await proofWorld(databases);
    const nothing = { entries: 0, blocks: 0, heads: 0, unsealed: 0, differences: [] };
    expect(await verdictOf(world)).toEqual(nothing);
    await world.close();
  });

  const changed =
    'block 3, entry hold:job-account2 (position 7, entry 2 of account2): it was changed after it was sealed';
  it.each([
    ['a word of metadata', `update ${T} set metadata = '{"x":1}' where id = 'hold:job-account2'`],
    [
      'one byte of a price version',
      `update ${T} set price_version = 'v2' where id = 'hold:job-account2'`,
    ],
    [
      'a microsecond',
      `update ${T} set recorded_at = recorded_at + interval '1 us' where id = 'hold:job-account2'`,
    ],
    [
      'blanks in stored JSON',
      `update ${T} set metadata = (' ' || metadata)::json where id = 'hold:job-account2'`,
    ],
    [
      'the writing transaction',
      `update ${T} set written_by = (written_by::text::bigint - 1)::text::xid8 where id = 'hold:job-account2'`,
    ],
    ['the salt', `update billing.ledger_leaves set salt = gen_random_uuid() where position = 7`],
    ['a leaf', `update billing.ledger_leaves set hash = sha256('x') where position = 7`],
  ])('names block and entry of one changed thing: %s', async (_, statement) => {
    const [first] = await tampered(statement);
    expect(first).toBe(changed);
  });

  it('blames one entry only, and finds the next beside it', async () => {
    const found = await tampered(
      `update ${T} set metadata = '{"x":1}' where id in ('hold:job-account1', 'hold:job-account4')`,
    );
    expect(found.map((sentence) => sentence.split(' (')[0])).toEqual([
      'block 2, entry hold:job-account1',
      'block 5, entry hold:job-account4',
    ]);
  });

  it.each<[string, string[], string]>([
    [
      'a deleted row',
      [`delete from ${T} where id = 'settle:job-account3'`],
      'block 4, entry settle:job-account3 (position 11): it was deleted after it was sealed',
    ],
    [
      'a deleted row and its leaf',
      [
        `delete from ${T} where id = 'settle:job-account3'`,
        `delete from billing.ledger_leaves where position = 11`,
      ],
      'block 4: the leaf at position 11 is gone',
    ],
    [
      'a row that was added among older ones',
      [
        `insert into ${T} select (jsonb_populate_record(t, '{"id": "grant:forged", "account_id": "forger"}')).*
           from ${T} t where id = 'grant:first-account5'`,
      ],
      'block 6, entry grant:forged (no place in the tree, entry 1 of forger): it was added behind the seal, after its block was closed',
    ],
    [
      'a row under another name',
      [`update ${T} set id = 'grant:other' where id = 'grant:first-account1'`],
      'block 2, entry grant:first-account1 (position 3): it was deleted after it was sealed',
    ],
    [
      'entries exchanged with their salts and hashes',
      [
        `create temp table held as select * from billing.ledger_leaves where position in (6, 8)`,
        `delete from billing.ledger_leaves where position in (6, 8)`,
        `insert into billing.ledger_leaves select 14 - position, transaction_id, salt, hash from held`,
      ],
      'block 3, entry hold:job-account2 (position 7, entry 2 of account2): it does not stand in its place in the order of entries',
    ],
    [
      'a row changed with its leaf',
      [
        `update ${T} set metadata = '{"x":1}' where id = 'hold:job-account2'`,
        `update billing.ledger_leaves l set hash = ${leafHashOf} from ${T} t
           where t.id = l.transaction_id and l.position = 7`,
      ],
      'block 3, entry grant:first-account2 (position 6, entry 1 of account2): the hash over positions 6 to 7 is not theirs: one of them was changed with its hash, or the node was',
    ],
    [
      'a changed node',
      [`update billing.ledger_nodes set hash = sha256('x') where level = 2 and index = 1`],
      'block 3, entry grant:first-account2 (position 6, entry 1 of account2): the hash over positions 4 to 7 is not theirs: one of them was changed with its hash, or the node was',
    ],
    [
      'a changed root',
      [`update billing.ledger_blocks set root_hash = sha256('x') where height = 4`],
      'block 4: its hash is not that of what it says',
    ],
    [
      'a changed time of sealing',
      [`update billing.ledger_blocks set sealed_at = sealed_at + interval '1 ms' where height = 4`],
      'block 4: its hash is not that of what it says',
    ],
    [
      'a block that is gone',
      [`delete from billing.ledger_blocks where height = 4`],
      'block 5: the block before it, 4, is gone',
    ],
    [
      'the last block and its leaves gone',
      [
        `delete from billing.ledger_blocks where height = 7`,
        `delete from billing.ledger_leaves where position >= 18`,
      ],
      'block 7: head 7 covers 21 entries, at which no block ends',
    ],
    [
      'a leaf beyond the last block',
      [
        `insert into billing.ledger_leaves
           values (21, 'grant:first-late', gen_random_uuid(), sha256('x'))`,
      ],
      'entry grant:first-late (position 21, entry 1 of late): it has a leaf beyond the last block',
    ],
    [
      'a changed row that is not sealed yet',
      [`update ${T} set available_after_micros = 50 where id = 'grant:first-late'`],
      'entry grant:first-late (no place in the tree, entry 1 of late): it is not sealed yet, and does not continue its account',
    ],
    [
      'a head with another root',
      [`update billing.ledger_heads set root_hash = sha256('x') where number = 5`],
      'block 5: head 5 is not what was signed',
    ],
    [
      'a head that is gone',
      [`delete from billing.ledger_heads where number = 5`],
      'block 6: head 6 stands where head 5 is gone',
    ],
    [
      'a replaced key',
      [`update billing.ledger_keys set public_key = public_key || '\\x00'`],
      'block 1: head 1 is signed with',
    ],
  ])('tells of %s', async (_, statements, sentence) => {
    const [first] = await tampered(...statements);
    expect(first?.slice(0, sentence.length)).toBe(sentence);
  });

  it('believes its own text of what a leaf is, not the database’s function', async () => {
    const [first] = await tampered(
      `update ${T} set metadata = '{"x":1}' where id = 'hold:job-account2'`,
      `create or replace function billing.leaf(t billing.transactions, salt uuid) returns bytea
         language sql as $$ select '\\x'::bytea $$`,
    );
    expect(first).toBe(changed);
  });

  it('finds a rewritten past by a head that was kept elsewhere, when all else agrees', async () => {
    await ledgerOf(async (world) => {
      const saved = await world.heads.current();
      // The same accounts, another history, sealed and signed by whoever has the key.
      await ledgerOf(async (other) => {
        expect((await verdictOf(other, { saved: [] })).differences).toEqual([]);
        const [first] = (await verdictOf(other, { saved: [saved] })).differences;
        expect(sentenceOf(first!)).toContain('the ledger has another history');
      });
      expect((await verdictOf(world, { saved: [saved] })).differences).toEqual([]);
    });
  });
});
