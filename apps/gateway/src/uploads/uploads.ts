import { newId, uploadId } from '@safelight/contracts';
import { ObjectNotFound, type SealedObjects } from '@safelight/object-store';
import type { DataSource, EntityManager } from 'typeorm';
import { forAccount } from '../accounts/account-scope.js';
import { Problem } from '../http/problem.js';
import { notFound } from '../http/refusals.js';
import type { Picture } from '../pictures/picture.js';
import { UploadRow } from './upload.entity.js';

const LIFETIME_DAYS = 30;
/** Of one account at the same time. */
const MOST_UPLOADS = 1_000;
const FORGET_AT_ONCE = 500;

/** Images that customers sent once, sealed, for 30 days. */
export class Uploads {
  constructor(
    private readonly source: DataSource,
    private readonly objects: SealedObjects,
  ) {}

  /**
   * The file first: a row without one would promise what is not there.
   *
   * @throws Problem CONFLICT when the account has as many uploads as it may
   */
  async keep(accountId: string, picture: Picture): Promise<UploadRow> {
    const id = newId('upl');
    const { bytes, mediaType, width, height, digests } = picture;
    const { dataKey } = await this.objects.put(keyOf({ accountId, id }), bytes);
    const size = { width, height, bytes: bytes.length };
    try {
      return await forAccount(this.source, accountId, async (manager) => {
        await requireRoom(manager, accountId);
        const expiresAt = () => `now() + interval '${LIFETIME_DAYS} days'`;
        const row = { id, accountId, mediaType, ...size, dataKey, digests: [...digests] };
        const insertion = manager.createQueryBuilder().insert().into(UploadRow);
        await insertion.values({ ...row, expiresAt }).execute();
        return find(manager, accountId, id);
      });
    } catch (error) {
      if (error instanceof Problem) await this.objects.delete(keyOf({ accountId, id }));
      throw error;
    }
  }

  /** From now on it is gone; jobs have copies of their own. @throws Problem NOT_FOUND */
  async delete(accountId: string, id: string): Promise<UploadRow> {
    const row = await forAccount(this.source, accountId, async (manager) => {
      const found = await find(manager, accountId, id);
      await manager.delete(UploadRow, { id, accountId });
      return found;
    });
    await this.objects.delete(keyOf(row));
    return row;
  }

  /** @throws Problem NOT_FOUND: never there, another account's, or its time is over */
  get(accountId: string, id: string): Promise<UploadRow> {
    return forAccount(this.source, accountId, (manager) => find(manager, accountId, id));
  }

  /** The picture itself. @throws Problem NOT_FOUND */
  async open(accountId: string, id: string): Promise<Picture> {
    const { mediaType, width, height, digests, dataKey } = await this.get(accountId, id);
    const bytes = await this.objects.open(keyOf({ accountId, id }), dataKey).catch(asNotFound);
    return { bytes, mediaType, width, height, digests };
  }

  /**
   * Deletes what has expired; resolves when there is no more of it. The rows go first: from then on
   * nobody can open the files, and one that is left behind by a crash is noise.
   */
  async forget(): Promise<void> {
    for (let gone = FORGET_AT_ONCE; gone >= FORGET_AT_ONCE;) {
      const rows = await this.source.query<{ account_id: string; id: string }[]>(
        'SELECT * FROM gateway.forget_uploads($1)',
        [FORGET_AT_ONCE],
      );
      gone = rows.length;
      const keys = rows.map(({ account_id: accountId, id }) => keyOf({ accountId, id }));
      await Promise.all(keys.map((key) => this.objects.delete(key)));
    }
  }
}

/** Deleted between the two looks. */
function asNotFound(error: unknown): never {
  throw error instanceof ObjectNotFound ? notFound() : error;
}

const keyOf = ({ accountId, id }: Pick<UploadRow, 'accountId' | 'id'>) =>
  `uploads/${accountId}/${id}`;

/** Uploads of one account are counted one after the other, so that racing cannot pass the limit. */
async function requireRoom(manager: EntityManager, accountId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `uploads ${accountId}`,
  ]);
  const [row] = await manager.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM gateway.uploads
     WHERE account_id = $1 AND expires_at > now()`,
    [accountId],
  );
  if ((row?.n ?? 0) < MOST_UPLOADS) return;
  throw new Problem(
    'CONFLICT',
    `An account has at most ${MOST_UPLOADS} uploads at a time; remove one with DELETE /api/v1/uploads/{id} first.`,
  );
}

/** By the database's clock. An id that no upload can have answers like one that never was. */
async function find(manager: EntityManager, accountId: string, id: string): Promise<UploadRow> {
  if (!uploadId.safeParse(id).success) throw notFound();
  const row = await manager
    .createQueryBuilder(UploadRow, 'u')
    .where('u.id = :id AND u.account_id = :accountId AND u.expires_at > now()', { id, accountId })
    .getOne();
  if (row === null) throw notFound();
  return row;
}
