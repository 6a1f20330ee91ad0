import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What makes the ledger tamper-evident: each transaction is a leaf of one Merkle tree (RFC 6962),
 * blocks close over the tree as it grows and each names the hash of the one before, heads are signed.
 * Insert-only as the ledger itself: the same trigger refuses UPDATE, DELETE and TRUNCATE, and the
 * runtime role may only read and insert.
 *
 * Leaves are in the order of \`written_by\`, account, sequence. A block takes all transactions whose
 * database transaction has a number below its horizon, and at its making every such database
 * transaction had ended: so nothing can come to lie below a horizon afterwards.
 *
 * Upgrade: new tables, and an index over the ledger, built while it is locked against writing.
 * Everything written earlier is sealed by the first runs after it.
 */
export class Proofs1764100000000 implements MigrationInterface {
  readonly name = 'Proofs1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...leaf, ...tables, ...soundness, ...refusals, ...grants]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('What proves a ledger is not taken down by a migration.');
  }
}

const inUtc = (time: string): string =>
  `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * The one definition of what a leaf holds, as an expression over a row and its salt: a line for every
 * column of the ledger. Its bytes are stored nowhere and made again from the row by whoever proves or
 * verifies, so they must come out alike for ever: no setting of a session changes them (times are
 * written out, numbers are text), and what is null is left out, so that a column which is added later
 * changes nothing that was sealed before it. The verifier runs this text itself: a function in the
 * database is only what somebody with a superuser's rights last made it.
 */
export const leafBytes = (row: string, salt: string): string =>
  `convert_to(json_strip_nulls(json_build_object(
    'format', 'safelight-ledger-entry-1',
    'salt', ${salt},
    'id', ${row}.id,
    'kind', ${row}.kind,
    'account_id', ${row}.account_id,
    'sequence', ${row}.sequence::text,
    'available_micros', ${row}.available_micros::text,
    'held_micros', ${row}.held_micros::text,
    'promotions_micros', ${row}.promotions_micros::text,
    'payments_micros', ${row}.payments_micros::text,
    'revenue_micros', ${row}.revenue_micros::text,
    'refunds_micros', ${row}.refunds_micros::text,
    'adjustments_micros', ${row}.adjustments_micros::text,
    'losses_micros', ${row}.losses_micros::text,
    'available_after_micros', ${row}.available_after_micros::text,
    'held_after_micros', ${row}.held_after_micros::text,
    'paid_micros', ${row}.paid_micros::text,
    'paid_after_micros', ${row}.paid_after_micros::text,
    'lots_moved', ${row}.lots_moved::text,
    'lots_after', ${row}.lots_after::text,
    'budgets_after', ${row}.budgets_after::text,
    'item', ${row}.item,
    'price_version', ${row}.price_version,
    'expires_at', ${inUtc(`${row}.expires_at`)},
    'refers_to', ${row}.refers_to,
    'key_id', ${row}.key_id,
    'metadata', ${row}.metadata::text,
    'recorded_at', ${inUtc(`${row}.recorded_at`)},
    'written_by', ${row}.written_by::text
  ))::text, 'UTF8')`;

const leaf = [
  `create function billing.leaf(t billing.transactions, salt uuid) returns bytea
    language sql stable parallel safe as $$ select ${leafBytes('$1', '$2')} $$`,
  `create function billing.leaf_hash(t billing.transactions, salt uuid) returns bytea
    language sql stable parallel safe as $$
    select sha256('\\x00'::bytea || billing.leaf($1, $2)) $$`,
  `create index transactions_written on billing.transactions (written_by)`,
];

const hash = 'bytea not null check (octet_length';
const tables = [
  // The salt keeps the hash of one customer's entry, which stands in the proofs of others, from
  // being guessed: 122 random bits.
  `create table billing.ledger_leaves (
    position bigint primary key check (position >= 0),
    transaction_id text collate "C" not null unique,
    salt uuid not null,
    hash ${hash}(hash) = 32)
  )`,
  // Complete ones only, from level 1: they never change.
  `create table billing.ledger_nodes (
    level smallint not null check (level > 0),
    index bigint not null check (index >= 0),
    hash ${hash}(hash) = 32),
    primary key (level, index)
  )`,
  `create table billing.ledger_blocks (
    height bigint primary key check (height > 0),
    tree_size bigint not null unique check (tree_size > 0),
    root_hash ${hash}(root_hash) = 32),
    previous_hash ${hash}(previous_hash) = 32),
    block_hash ${hash}(block_hash) = 32),
    horizon xid8 not null,
    sealed_at timestamptz(3) not null
  )`,
  `create table billing.ledger_keys (
    key_id text collate "C" primary key,
    public_key bytea not null,
    first_used_at timestamptz(3) not null default clock_timestamp()
  )`,
  `create table billing.ledger_heads (
    number bigint primary key check (number > 0),
    tree_size bigint not null check (tree_size >= 0),
    root_hash ${hash}(root_hash) = 32),
    block_height bigint not null check (block_height >= 0),
    block_hash ${hash}(block_hash) = 32),
    signed_at timestamptz(3) not null,
    key_id text collate "C" not null references billing.ledger_keys,
    signature bytea not null check (octet_length(signature) = 64)
  )`,
  `create index ledger_heads_size on billing.ledger_heads (tree_size)`,
];

/** A faulty process cannot leave a gap: neither among blocks, nor among their leaves. */
const soundness = [
  `create function billing.verify_block() returns trigger language plpgsql as $$
  declare
    before billing.ledger_blocks;
  begin
    select * into before from billing.ledger_blocks b where b.height = new.height - 1;
    if new.previous_hash <> coalesce(before.block_hash, decode(repeat('00', 32), 'hex'))
      or (before.height is null and new.height <> 1)
      or new.horizon < coalesce(before.horizon, '0'::xid8)
      or new.tree_size - coalesce(before.tree_size, 0) <> (select count(*)
        from billing.ledger_leaves l
        where l.position >= coalesce(before.tree_size, 0) and l.position < new.tree_size)
    then
      raise exception 'block % does not continue the chain', new.height
        using errcode = 'check_violation';
    end if;
    return null;
  end $$`,
  `create trigger verify_block after insert on billing.ledger_blocks
    for each row execute function billing.verify_block()`,
];

const names = ['leaves', 'nodes', 'blocks', 'keys', 'heads'].map((name) => `ledger_${name}`);
const refusals = names.map(
  (name) => `create trigger append_only before update or delete or truncate
    on billing.${name} for each statement execute function billing.refuse_change()`,
);

const grants = [
  `grant select, insert on ${names.map((name) => `billing.${name}`).join(', ')}
    to safelight_billing`,
];
