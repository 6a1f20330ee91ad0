import type { MigrationClass } from '@safelight/postgres';

/**
 * The tables of a service's event store: `events` and `inbox`, which only ever grow, and `outbox`,
 * the relay's checkpoint. The runtime role may SELECT and INSERT, and UPDATE the checkpoint alone;
 * triggers refuse UPDATE, DELETE and TRUNCATE of what is recorded to everybody, the owner included.
 *
 * `payload` is `json`, not `jsonb`: it keeps the very bytes that `sha256` was taken of.
 * `transaction_id` and `position` together are a reader's cursor, and the only way to look for a
 * place: one index fewer to keep for every event.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export const eventStoreMigration = (schema: string, runtimeRole: string): MigrationClass =>
  class EventStore {
    readonly name = 'EventStore1763600000000';

    async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
      await runner.query(tables(schema));
      await runner.query(refusals(schema));
      await runner.query(`
        GRANT SELECT, INSERT ON ${schema}.events, ${schema}.inbox TO ${runtimeRole};
        GRANT SELECT, INSERT, UPDATE ON ${schema}.outbox TO ${runtimeRole};
      `);
    }

    async down(): Promise<void> {
      throw new Error('Recorded events are not taken down by a migration.');
    }
  };

const tables = (schema: string): string => `
  CREATE TABLE ${schema}.events (
    position bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream_id text COLLATE "C" NOT NULL CHECK (stream_id <> ''),
    version int NOT NULL CHECK (version > 0),
    event_id uuid NOT NULL UNIQUE,
    command_id text COLLATE "C" NOT NULL,
    command_index smallint NOT NULL CHECK (command_index >= 0),
    type text NOT NULL,
    schema_version int NOT NULL CHECK (schema_version > 0),
    payload json NOT NULL,
    metadata json NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT events_cursor PRIMARY KEY (transaction_id, position),
    UNIQUE (stream_id, version),
    UNIQUE (stream_id, command_id, command_index)
  );

  CREATE TABLE ${schema}.inbox (
    consumer text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, message_id)
  );

  CREATE TABLE ${schema}.outbox (
    name text PRIMARY KEY,
    transaction_id xid8 NOT NULL,
    position bigint NOT NULL,
    settled_transaction_id xid8 NOT NULL,
    settled_position bigint NOT NULL,
    stream_created text NOT NULL,
    last_sequence bigint NOT NULL,
    last_message_id text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
`;

const refusals = (schema: string): string => `
  CREATE FUNCTION ${schema}.refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% of ${schema}.%: what is recorded stays as it is', tg_op, tg_table_name
      USING ERRCODE = 'insufficient_privilege';
  END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${schema}.events
    FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_rewriting_history();
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${schema}.inbox
    FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_rewriting_history();
`;
