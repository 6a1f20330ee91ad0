import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

/** How a text may lie somewhere without being sealed: as it is, in hex, in base64 at any offset. */
export function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Without the characters at either end, which depend on what stands beside the text.
    return whole.replace(/=+$/, '').slice(offset === 0 ? 0 : offset + 1, -2);
  });
  return [bytes, bytes.toString('hex'), ...inBase64].map((form) => Buffer.from(form));
}

const isIn = (heap: Buffer, text: string): boolean =>
  formsOf(text).some((form) => heap.includes(form));

/** Which of these texts are in which files of a folder, and of all folders below it. */
export async function findInFiles(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A server at work may delete a file between the listing and the reading.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    found.push(...texts.filter((text) => isIn(bytes, text)).map((text) => `${text} in ${path}`));
  }
  return found;
}

/** Which of these texts are in which tables of the database, in any column, whatever its type. */
export async function findInTables(admin: pg.Pool, texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|information_schema)'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await admin.query<{ row: string }>(`select t::text as row from ${name} t`);
    const heap = Buffer.from(rows.map(({ row }) => row).join('\n'));
    found.push(...texts.filter((text) => isIn(heap, text)).map((text) => `${text} in ${name}`));
  }
  return found;
}
