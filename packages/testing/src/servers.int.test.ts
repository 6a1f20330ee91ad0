import { stat } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { testNats } from './nats.js';
import { testPostgres } from './postgres.js';

it('gives a PostgreSQL of its own with as many databases as asked, and takes all away', async () => {
  const postgres = await testPostgres();
  const [one, two] = [await postgres.database(), await postgres.database('named')];
  for (const { url } of [one, two]) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE TABLE here (id int)');
    await client.end();
  }
  expect(new URL(two.url).pathname).toBe('/named');
  await postgres.stop();
  const refused = new pg.Client({ connectionString: one.url });
  await expect(refused.connect()).rejects.toThrow();
});

it('gives a nats-server that restarts on its port, and takes its folder away', async () => {
  const nats = await testNats();
  const { url, pid } = nats;
  await nats.restart();
  expect(nats.url).toBe(url);
  expect(nats.pid).not.toBe(pid);
  await nats.stop();
  await expect(stat(`/proc/${nats.pid}`)).rejects.toMatchObject({ code: 'ENOENT' });
});
