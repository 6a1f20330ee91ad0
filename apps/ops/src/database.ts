import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRunningPostgres } from '@safelight/local-servers';
import { z } from 'zod';
import { Refusal } from './command.js';

/** What this needs of the local installation's memory. */
const memory = z.object({ passwords: z.record(z.string(), z.object({ password: z.string() })) });

/**
 * Finds a service's database: the one that was given, else that of a local installation which is
 * running at this moment, under the service's own role.
 */
export function databaseFinder(where: {
  readonly given: string | undefined;
  readonly home: string;
}) {
  return async (service: string): Promise<string> =>
    where.given ?? (await localDatabase(where.home, service));
}

/** @throws Refusal, in one sentence, when there is none or it is not running */
async function localDatabase(home: string, service: string): Promise<string> {
  const text = await readFile(join(home, 'memory.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new Refusal(
      `DATABASE_URL is not set and ${home} is no local installation: set one, or name the other with --home.`,
    );
  }
  const known = memory.safeParse(JSON.parse(text));
  const password = known.data?.passwords[service]?.password;
  if (password === undefined) {
    throw new Refusal(`${home} knows no password for ${service}: start it once with npm start.`);
  }
  const running = await findRunningPostgres(join(home, 'postgres'));
  if (running === undefined) {
    throw new Refusal(
      `The local installation in ${home} is not running: start it with npm start, and ask again.`,
    );
  }
  return `postgres://safelight_${service}:${encodeURIComponent(password)}@127.0.0.1:${running.port}/postgres`;
}
