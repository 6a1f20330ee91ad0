import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connects } from '../process/loopback.js';

/** Lines of `postmaster.pid`, from 0 (PostgreSQL's miscadmin.h: LOCK_FILE_LINE_PORT and …STATUS). */
const PORT_LINE = 3;
const STATUS_LINE = 7;

/**
 * The PostgreSQL that another process runs on a data folder.
 *
 * @returns its port of 127.0.0.1; `undefined` when none takes connections there
 */
export async function findRunningPostgres(dataDir: string): Promise<{ port: number } | undefined> {
  const lock = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = lock.split('\n');
  const port = Number(lines[PORT_LINE]);
  if (lines[STATUS_LINE]?.trim() !== 'ready' || !Number.isInteger(port)) return undefined;
  return connects(port).then(
    () => ({ port }),
    () => undefined,
  );
}
