import type { ObjectStore } from '@safelight/object-store';
import type { DataSource } from 'typeorm';

/**
 * A file is put before its row, within one request. A younger one is left alone whatever the rows
 * say, so that no running put can lose what it wrote.
 */
const OLDER_THAN_MS = 60 * 60_000;
const ASKED_AT_ONCE = 500;

/**
 * Files of uploads that no row names: their gateway died between the two, or after it deleted the row.
 * Nobody can open them. Any number of gateways may sweep at once.
 */
export class OrphanedUploads {
  constructor(
    private readonly source: DataSource,
    private readonly store: ObjectStore,
  ) {}

  async forget(): Promise<void> {
    for await (const keys of this.store.list('uploads'))
      for (let at = 0; at < keys.length; at += ASKED_AT_ONCE)
        await this.forgetAmong(keys.slice(at, at + ASKED_AT_ONCE));
  }

  private async forgetAmong(keys: readonly string[]): Promise<void> {
    const rows = await this.source.query<{ id: string }[]>(
      'SELECT id FROM gateway.known_uploads($1) AS id',
      [keys.map(idOf)],
    );
    const known = new Set(rows.map(({ id }) => id));
    for (const key of keys)
      if (!known.has(idOf(key)) && (await this.isOld(key))) await this.store.delete(key);
  }

  private async isOld(key: string): Promise<boolean> {
    const at = await this.store.writtenAt(key);
    return at !== undefined && Date.now() - at.getTime() > OLDER_THAN_MS;
  }
}

/** Of a key `uploads/<account>/<upload>`. */
const idOf = (key: string): string => key.split('/')[2] ?? '';
