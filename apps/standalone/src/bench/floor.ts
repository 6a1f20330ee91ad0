/**
 * The least that an API on the same server can do for a submit: the gateway's own Fastify, one select
 * by an index and one insert that is on disk before the answer, each a database transaction of its
 * own, as most services do it. Arguments: database URL and port.
 */
import { createHash } from 'node:crypto';
import { newId } from '@safelight/contracts';
import { createHttpAdapter } from '@safelight/gateway';
import { createPool } from '@safelight/postgres';
import { startTelemetry } from '@safelight/telemetry';

const [databaseUrl = '', port] = process.argv.slice(2);
const telemetry = startTelemetry({ service: 'floor', logLevel: 'warn' });
const pool = createPool({ url: databaseUrl, applicationName: 'floor' });
const fastify = createHttpAdapter(telemetry).getInstance();

fastify.post('/api/v1/generate', async (request, reply) => {
  const digest = createHash('sha256').update(String(request.headers.authorization)).digest();
  const found = await pool.query<{ account_id: string }>({
    name: 'floor_key',
    text: 'select account_id from floor.keys where digest = $1',
    values: [digest],
  });
  const id = newId('job');
  await pool.query({
    name: 'floor_job',
    text: 'insert into floor.jobs (id, account_id, body) values ($1, $2, $3)',
    values: [id, found.rows[0]?.account_id, JSON.stringify(request.body)],
  });
  return reply.status(202).send({ data: { id, status: 'pending' }, meta: {} });
});
await fastify.listen({ port: Number(port), host: '127.0.0.1' });
