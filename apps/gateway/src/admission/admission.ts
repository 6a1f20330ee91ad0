import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { digestOf, isWellFormed } from '../keys/api-key.js';
import { GroupCommit } from '@safelight/postgres';
import { Problem } from '../http/problem.js';
import type { Caller, Scope } from './scope.js';

export interface AdmissionTables {
  'gateway.accounts': { id: string; status: string };
  'gateway.api_keys': {
    id: string;
    account_id: string;
    digest: Buffer;
    scopes: string[];
    expires_at: Date | null;
    revoked_at: Date | null;
  };
}

const unauthorized = () =>
  new Problem(
    'UNAUTHORIZED',
    'The API key is missing, malformed, unknown, expired or revoked. Send it as: authorization: Bearer sl_live_…',
    { headers: { 'www-authenticate': 'Bearer realm="safelight"' } },
  );

/** The key as sent: `Authorization: Bearer …`, or `x-api-key`. */
export function keyIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  const authorization = headers['authorization'];
  if (typeof authorization === 'string') return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

interface KeyRow {
  readonly id: string;
  readonly account_id: string;
  readonly digest: Buffer;
  readonly scopes: string[];
  readonly status: string;
}

/**
 * Decides who may come in. Requests that wait at the same moment share one indexed look-up, and
 * nothing is remembered: a revocation takes effect at once.
 */
export class Admission {
  private readonly lookUps: GroupCommit<Buffer, KeyRow | undefined>;

  constructor(private readonly db: Kysely<AdmissionTables>) {
    this.lookUps = new GroupCommit({ run: (digests) => this.find(digests) });
  }

  /** @throws Problem UNAUTHORIZED, or FORBIDDEN naming the scope that is missing. */
  async admit(key: string | undefined, scope: Scope): Promise<Caller> {
    if (key === undefined || !isWellFormed(key)) throw unauthorized();
    const row = await this.lookUps.submit(digestOf(key));
    if (row === undefined) throw unauthorized();
    if (row.status !== 'active') {
      throw new Problem(
        'FORBIDDEN',
        'This account is suspended; write to the operator of this service.',
      );
    }
    if (!row.scopes.includes(scope)) {
      throw new Problem('FORBIDDEN', `This key lacks the scope ${scope}; make a key that has it.`, {
        members: { scope },
      });
    }
    return { accountId: row.account_id, keyId: row.id, scopes: row.scopes };
  }

  private async find(digests: readonly Buffer[]): Promise<(KeyRow | undefined)[]> {
    const rows = await this.db
      .selectFrom('gateway.api_keys as k')
      .innerJoin('gateway.accounts as a', 'a.id', 'k.account_id')
      .select(['k.id', 'k.account_id', 'k.digest', 'k.scopes', 'a.status'])
      .where('k.digest', '=', sql<Buffer>`any(${[...digests]}::bytea[])`)
      .where('k.revoked_at', 'is', null)
      .where((where) =>
        where.or([where('k.expires_at', 'is', null), where('k.expires_at', '>', sql<Date>`now()`)]),
      )
      .execute();
    const byDigest = new Map(rows.map((row) => [row.digest.toString('hex'), row]));
    return digests.map((digest) => byDigest.get(digest.toString('hex')));
  }
}
