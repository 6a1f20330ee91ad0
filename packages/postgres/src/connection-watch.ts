import type { Socket } from 'node:net';
import type pg from 'pg';

/** `read_only_sql_transaction`: the primary we were connected to has become a standby. */
const READ_ONLY = '25006';

/** What this driver's clients have and its types leave out. */
interface Connected {
  readonly connection: pg.Connection & { readonly stream: Socket };
  /** False from the moment a query is sent until the server is ready for the next. */
  readonly readyForQuery: boolean;
}

const connected = (client: pg.PoolClient) => client as unknown as Connected;

/**
 * Has a pool's new connection thrown away as soon as it is of no more use, which neither the driver
 * nor the pool sees for itself:
 *
 * - An answer is overdue. When packets are lost without a word, TCP goes on for a quarter of an hour
 *   before it gives up; until then everybody behind this connection would wait.
 * - The server refuses to write because it has become a standby: only a new connection can find the
 *   new primary.
 *
 * @param answerWithinMs above the server's own limit for a statement, so that a sound server always
 *   answers first
 */
export function watchConnection(client: pg.PoolClient, answerWithinMs: number): void {
  // Whoever has borrowed it hears of its end through the query; without a listener the process ends.
  client.on('error', () => undefined);
  const { connection } = connected(client);
  connection.stream.setTimeout(answerWithinMs);
  connection.stream.on('timeout', () => {
    if (!connected(client).readyForQuery) connection.stream.destroy(overdue(answerWithinMs));
  });
  connection.on('errorMessage', ({ code }: { code?: string }) => {
    if (code === READ_ONLY) void client.end();
  });
}

/**
 * Lets the next queries of this connection take as long as they need, as waiting for a lock does.
 * Should we vanish meanwhile, the server notices within seconds.
 */
export async function waitWithoutLimit(client: pg.PoolClient): Promise<void> {
  await client.query(`SET statement_timeout = 0; SET client_connection_check_interval = '2s'`);
  connected(client).connection.stream.setTimeout(0);
}

function overdue(answerWithinMs: number): Error {
  const message = `PostgreSQL owed an answer for ${answerWithinMs / 1000} s: the connection is lost.`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
