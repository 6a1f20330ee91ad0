import { describe, expect, it } from '@jest/globals';
import { append, Relays } from '../test/relays.js';
import { schema, storeDatabase } from '../test/store-database.js';
import { readContent, readHead } from './read-keys.js';

const database = storeDatabase();
const relays = new Relays(database);

describe('the content behind keys', () => {
  it('is looked up by the whole key, as the only index with a position in it has it', async () => {
    await append(relays.newStore(), 3);
    const head = await readHead(database.runtime, schema);
    if (head === undefined) throw new Error('nothing was appended');
    const { transactionId, position } = head;
    const client = await database.runtime.connect();
    try {
      const read = (keys: (typeof head)[]) => readContent(client, schema, keys);
      const found = await read([head]);
      expect(found.map((event) => event.position)).toEqual([position]);
      expect(await read([{ transactionId: transactionId + 1n, position }])).toEqual([]);
      expect(await read([])).toEqual([]);
    } finally {
      client.release();
    }
  });
});
