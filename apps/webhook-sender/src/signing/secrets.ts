import type { KeyObject } from 'node:crypto';
import type { SigningSecret } from '@safelight/contracts';
import type pg from 'pg';
import { SigningPair } from './signing-pair.js';

type Querying = Pick<pg.Pool, 'query'>;

interface SecretRow {
  readonly owner: string;
  readonly ciphertext: Buffer;
  readonly nonce: Buffer;
  readonly created_at: Date;
}

/** Secrets by owner: an endpoint, or an account for the webhooks of its single jobs. */
export class Secrets {
  constructor(private readonly key: KeyObject) {}

  /** Makes the first secret of an owner, unless there is one. */
  async make(db: Querying, owner: string, now: Date): Promise<SigningSecret> {
    const { ciphertext, nonce } = SigningPair.fresh().sealed(this.key, owner);
    await db.query(
      `INSERT INTO webhooks.secrets (owner, ciphertext, nonce, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (owner) WHERE expires_at IS NULL DO NOTHING`,
      [owner, ciphertext, nonce, now],
    );
    const { rows } = await db.query<SecretRow>(
      `SELECT owner, ciphertext, nonce, created_at FROM webhooks.secrets
       WHERE owner = $1 AND expires_at IS NULL`,
      [owner],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`${owner} has no secret although one was made`);
    return this.shown(row);
  }

  /**
   * A new secret beside the old one, which signs for `overlapSeconds` more; one that was being
   * replaced already ends at once, so that there are never more than two. Runs in a database
   * transaction of the caller's.
   */
  async rotate(db: Querying, owner: string, overlapSeconds: number, now: Date) {
    await db.query(`DELETE FROM webhooks.secrets WHERE owner = $1 AND expires_at IS NOT NULL`, [
      owner,
    ]);
    const ending = new Date(now.getTime() + overlapSeconds * 1000);
    await db.query(
      `UPDATE webhooks.secrets SET expires_at = $2 WHERE owner = $1 AND expires_at IS NULL`,
      [owner, ending],
    );
    return this.make(db, owner, now);
  }

  /** The live ones of each owner, the present one first. */
  async live(
    db: Querying,
    owners: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, readonly SigningPair[]>> {
    const { rows } = await db.query<SecretRow>(
      `SELECT owner, ciphertext, nonce, created_at FROM webhooks.secrets
       WHERE owner = ANY($1) AND (expires_at IS NULL OR expires_at > $2) ORDER BY id DESC`,
      [owners, now],
    );
    return new Map(
      owners.map((owner) => [
        owner,
        rows
          .filter((row) => row.owner === owner)
          .map((row) => SigningPair.unsealed(this.key, row, owner)),
      ]),
    );
  }

  private shown(row: SecretRow): SigningSecret {
    const text = SigningPair.unsealed(this.key, row, row.owner).toText();
    return { ...text, createdAt: row.created_at.toISOString() };
  }
}
