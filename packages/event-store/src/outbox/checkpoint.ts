import type pg from 'pg';
import { beginning, type Cursor } from '../reading/cursor.js';
import { noAnchor, type Anchor } from './acknowledged.js';

/** How far the relay of a schema has come, and in which JetStream stream. */
export interface Checkpoint {
  /** Everything up to here has been published. */
  readonly cursor: Cursor;
  /** Everything up to here was acknowledged by every durable: it need never be published again. */
  readonly settled: Cursor;
  /** Identity of the JetStream stream; empty before the first contact. */
  readonly streamCreated: string;
  /** A message in it; no event between `settled` and `cursor` has a higher sequence. */
  readonly anchor: Anchor;
}

export const firstCheckpoint: Checkpoint = {
  cursor: beginning,
  settled: beginning,
  streamCreated: '',
  anchor: noAnchor,
};

const NAME = 'relay';

interface CheckpointRow {
  transaction_id: bigint;
  position: bigint;
  settled_transaction_id: bigint;
  settled_position: bigint;
  stream_created: string;
  last_sequence: bigint;
  last_message_id: string;
}

/** The stored checkpoint, or that of a relay which never ran. */
export async function loadCheckpoint(
  source: pg.Pool | pg.PoolClient,
  schema: string,
): Promise<Checkpoint> {
  const { rows } = await source.query<CheckpointRow>({
    text: `SELECT * FROM ${schema}.outbox WHERE name = $1`,
    values: [NAME],
  });
  const row = rows[0];
  if (!row) return firstCheckpoint;
  return {
    cursor: { transactionId: row.transaction_id, position: row.position },
    settled: { transactionId: row.settled_transaction_id, position: row.settled_position },
    streamCreated: row.stream_created,
    anchor: { sequence: Number(row.last_sequence), id: row.last_message_id },
  };
}

const saveText = (schema: string): string => `
  INSERT INTO ${schema}.outbox (name, transaction_id, position, settled_transaction_id,
    settled_position, stream_created, last_sequence, last_message_id)
  VALUES ('${NAME}', $1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (name) DO UPDATE SET
    transaction_id = excluded.transaction_id, position = excluded.position,
    settled_transaction_id = excluded.settled_transaction_id,
    settled_position = excluded.settled_position,
    stream_created = excluded.stream_created, last_sequence = excluded.last_sequence,
    last_message_id = excluded.last_message_id, updated_at = clock_timestamp()`;

/** Must be called on the connection that holds the relay's lock: a relay that lost it cannot save. */
export async function saveCheckpoint(
  client: pg.PoolClient,
  schema: string,
  { cursor, settled, streamCreated, anchor }: Checkpoint,
): Promise<void> {
  await client.query({
    name: `${schema}_relay_checkpoint`,
    text: saveText(schema),
    values: [
      cursor.transactionId,
      cursor.position,
      settled.transactionId,
      settled.position,
      streamCreated,
      anchor.sequence,
      anchor.id,
    ],
  });
}
