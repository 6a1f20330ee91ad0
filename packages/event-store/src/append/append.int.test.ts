import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { EventStore } from '../event-store.js';
import { RestoredIntoYoungerCluster, Unstorable } from '../faults.js';
import { context, happened, newId, schema, storeDatabase, unitOf } from '../test/store-database.js';

const database = storeDatabase();
const newStore = () => new EventStore({ pool: database.runtime, schema });

describe('append', () => {
  it('records events whole, with everything a reader needs', async () => {
    const store = newStore();
    const heard: RecordedEvent[] = [];
    store.onCommitted((events) => heard.push(...events));
    const priced = {
      type: 'Priced',
      priceMicros: 9_007_199_254_740_993n,
      note: 'ä "quoted" \\ 🦊',
    };
    const unit = unitOf({ events: [happened('first'), priced] });
    const outcome = await store.append(unit);
    const read = await store.read(unit.streamId);
    expect(outcome).toEqual({ status: 'appended', events: read });
    expect(heard).toEqual(read);
    expect(read).toEqual([
      expect.objectContaining({ version: 1, event: happened('first'), context, schemaVersion: 1 }),
      expect.objectContaining({ version: 2, event: priced, commandId: unit.commandId }),
    ]);
    const [first, second] = read;
    expect(first!.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    expect(second!.position).toBe(first!.position + 1n);
    expect(second!.transactionId).toBe(first!.transactionId);
    expect(Math.abs(first!.recordedAt.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('stores the very bytes that the digest was taken of, whatever they mean to JSON', async () => {
    const text = 'a "quote", a \\ backslash, \\u0041, a\ttab, \u001b, \u2028, {}[],: and €🦊';
    const odd = { type: 'Odd', text, 'a "key"': { '': [-0.5, 1e21, 0.1, null, [], {}] } };
    const unit = unitOf({ events: [odd], context: { ...context, correlationId: text } });
    await newStore().append(unit);
    const { rows } = await database.admin.query(
      `SELECT payload::text, metadata::text,
         sha256 = sha256(convert_to(payload::text, 'UTF8')) AS sound
       FROM ${schema}.events WHERE stream_id = $1`,
      [unit.streamId],
    );
    const [payload, metadata] = [odd, unit.context].map((value) => JSON.stringify(value));
    expect(rows).toEqual([{ payload, metadata, sound: true }]);
  });

  it('refuses another version than expected, below the head, at it and above it', async () => {
    const store = newStore();
    const { streamId } = unitOf();
    const at = (expectedVersion: number) => store.append(unitOf({ streamId, expectedVersion }));
    expect((await at(0)).status).toBe('appended');
    expect((await at(0)).status).toBe('conflict');
    expect((await at(2)).status).toBe('conflict');
    expect((await at(1)).status).toBe('appended');
    expect((await at(1)).status).toBe('conflict');
    expect((await at(7)).status).toBe('conflict');
    expect((await store.append(unitOf({ expectedVersion: 1 }))).status).toBe('conflict');
    expect((await store.read(streamId)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('answers a repeated command with its earlier events', async () => {
    const store = newStore();
    const unit = unitOf({ events: [happened('one'), happened('two')] });
    const first = await store.append(unit);
    const again = await store.append({ ...unit, expectedVersion: 2, events: [happened('other')] });
    expect(again).toEqual({ ...first, status: 'repeated' });
    const elsewhere = await store.append(unitOf({ commandId: unit.commandId }));
    expect(elsewhere.status).toBe('appended');
  });

  it('takes the effect of a message once', async () => {
    const store = newStore();
    const inbox = { consumer: 'jobs', messageId: newId('message') };
    expect((await store.append(unitOf({ inbox }))).status).toBe('appended');
    const second = unitOf({ inbox });
    expect((await store.append(second)).status).toBe('duplicate');
    expect(await store.read(second.streamId)).toEqual([]);
    const other = { ...inbox, consumer: 'billing' };
    expect((await store.append(unitOf({ inbox: other }))).status).toBe('appended');
  });

  it('can record a message as handled without any event', async () => {
    const store = newStore();
    const inbox = { consumer: 'jobs', messageId: newId('message') };
    expect(await store.append(unitOf({ inbox, events: [] }))).toEqual({
      status: 'appended',
      events: [],
    });
    expect((await store.append(unitOf({ inbox }))).status).toBe('duplicate');
  });

  it('does not record the message of an append that met a conflict', async () => {
    const store = newStore();
    const inbox = { consumer: 'jobs', messageId: newId('message') };
    expect((await store.append(unitOf({ inbox, expectedVersion: 3 }))).status).toBe('conflict');
    expect((await store.append(unitOf({ inbox }))).status).toBe('appended');
  });
});

describe('a batch', () => {
  it('gives each unit its own answer, and keeps the others', async () => {
    const store = newStore();
    const seeded = unitOf();
    await store.append(seeded);
    const { streamId } = unitOf();
    const commandId = newId('command');
    const inbox = { consumer: 'jobs', messageId: newId('message') };
    const outcomes = await Promise.all(
      [
        unitOf(),
        { ...seeded, expectedVersion: 1 },
        unitOf({ streamId }),
        unitOf({ streamId }),
        unitOf({ streamId, expectedVersion: 1 }),
        unitOf({ streamId, expectedVersion: 2, commandId }),
        unitOf({ streamId, expectedVersion: 3, commandId }),
        unitOf({ streamId, expectedVersion: 9 }),
        unitOf({ inbox }),
        unitOf({ inbox }),
      ].map((unit) => store.append(unit)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'appended',
      'repeated',
      'appended',
      'conflict',
      'appended',
      'appended',
      'repeated',
      'conflict',
      'appended',
      'duplicate',
    ]);
    expect((await store.read(streamId)).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('refuses a whole chain when its first link is refused', async () => {
    const store = newStore();
    const { streamId } = unitOf();
    await store.append(unitOf({ streamId }));
    const chain = [0, 1, 2, 3].map((expectedVersion) =>
      store.append(unitOf({ streamId, expectedVersion: expectedVersion + 5 })),
    );
    const statuses = (await Promise.all(chain)).map(({ status }) => status);
    expect(statuses).toEqual(['conflict', 'conflict', 'conflict', 'conflict']);
    expect(await store.read(streamId)).toHaveLength(1);
  });

  it('keeps every stream contiguous while two processes race for them', async () => {
    const stores = [newStore(), newStore()];
    const streams = Array.from({ length: 5 }, () => newId('job'));
    let appended = 0;
    let conflicts = 0;
    const writers = Array.from({ length: 24 }, async (_, writer) => {
      const store = stores[writer % 2]!;
      for (let round = 0; round < 12; round += 1) {
        const streamId = streams[(writer * 7 + round) % streams.length]!;
        const expectedVersion = (await store.read(streamId)).length;
        const { status } = await store.append(unitOf({ streamId, expectedVersion }));
        if (status === 'appended') appended += 1;
        else conflicts += 1;
      }
    });
    await Promise.all(writers);
    const read = await stores[0]!.readMany([...streams, 'job-none']);
    const versions = streams.map((id) => read.get(id)!.map(({ version }) => version));
    for (const list of versions) expect(list).toEqual(list.map((_, index) => index + 1));
    expect(versions.flat()).toHaveLength(appended);
    expect(conflicts).toBeGreaterThan(0);
    expect(read.get('job-none')).toEqual([]);
  });
});

describe('what cannot be kept', () => {
  it.each([
    ['a NUL character', { type: 'A', text: 'a\0b' }],
    ['half a surrogate pair', { type: 'A', text: '\ud800' }],
    ['a number that is not finite', { type: 'A', ratio: Infinity }],
    ['a bigint that is no amount', { type: 'A', count: 1n }],
    ['an empty type', { type: '' }],
  ])('is refused before it reaches the database: %s', async (_what, event) => {
    const store = newStore();
    const unit = unitOf({ events: [event] });
    const neighbour = store.append(unitOf());
    await expect(store.append(unit)).rejects.toThrow(Unstorable);
    expect((await neighbour).status).toBe('appended');
    expect(await store.read(unit.streamId)).toEqual([]);
  });

  it('refuses names with a NUL and a unit without events', async () => {
    const store = newStore();
    await expect(store.append(unitOf({ streamId: 'a\0' }))).rejects.toThrow('stream id');
    await expect(store.append(unitOf({ commandId: '' }))).rejects.toThrow('command id');
    await expect(store.append(unitOf({ events: [] }))).rejects.toThrow(Unstorable);
    await expect(store.append(unitOf({ expectedVersion: -1 }))).rejects.toThrow(Unstorable);
  });
});

describe('what was recorded', () => {
  it.each(['runtime', 'owner'] as const)('cannot be changed by the %s role', async (role) => {
    await newStore().append(unitOf({ inbox: { consumer: 'jobs', messageId: newId('m') } }));
    for (const table of ['events', 'inbox']) {
      const column = table === 'events' ? 'type' : 'consumer';
      for (const statement of [
        `UPDATE ${schema}.${table} SET ${column} = 'x'`,
        `DELETE FROM ${schema}.${table}`,
        `TRUNCATE ${schema}.${table}`,
      ]) {
        await expect(database[role].query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it('is found out when somebody changed it all the same', async () => {
    const store = newStore();
    const { streamId } = unitOf();
    await store.append(unitOf({ streamId }));
    await database.admin.query(`ALTER TABLE ${schema}.events DISABLE TRIGGER append_only`);
    const forged = JSON.stringify({ type: 'Happened', what: 'else' });
    await database.admin.query(`UPDATE ${schema}.events SET payload = $1 WHERE stream_id = $2`, [
      forged,
      streamId,
    ]);
    await database.admin.query(`ALTER TABLE ${schema}.events ENABLE TRIGGER append_only`);
    await expect(store.read(streamId)).rejects.toMatchObject({ code: 'store.corrupt' });
  });
});

it('refuses to serve a database whose events come from an older cluster', async () => {
  await newStore().verify();
  const client = await database.admin.connect();
  await client.query('BEGIN');
  await client.query(`
    INSERT INTO ${schema}.events (transaction_id, stream_id, version, event_id, command_id,
      command_index, type, schema_version, payload, metadata, sha256)
    VALUES ('999999999999', 'restored', 1, gen_random_uuid(), 'c', 0, 'A', 1, '{}', '{}',
      sha256('{}'))`);
  await client.query('COMMIT');
  client.release();
  await expect(newStore().verify()).rejects.toThrow(RestoredIntoYoungerCluster);
});
