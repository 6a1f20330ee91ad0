import { hash } from 'node:crypto';
import { canonicalJson, newId } from '@safelight/contracts';
import type { DataSource } from 'typeorm';
import { forAccount } from '../accounts/account-scope.js';
import { Problem } from '../http/problem.js';

const REDEEMABLE = '10 minutes';

export interface KeptQuote {
  readonly id: string;
  readonly expiresAt: Date;
}

/** Quotes of an account, for as long as they can be redeemed, by the database's clock. */
export class Quotes {
  constructor(private readonly source: DataSource) {}

  keep(
    accountId: string,
    operation: string,
    request: object,
    priceMicros: bigint,
  ): Promise<KeptQuote> {
    const id = newId('qte');
    const values = [id, accountId, fingerprintOf(operation, request), priceMicros.toString()];
    return forAccount(this.source, accountId, async (manager) => {
      // What an account leaves behind goes when it asks again.
      await manager.query(
        'DELETE FROM gateway.quotes WHERE account_id = $1 AND expires_at < now()',
        [accountId],
      );
      const [row] = await manager.query<{ expires_at: Date }[]>(
        `INSERT INTO gateway.quotes (id, account_id, fingerprint, price_micros, expires_at)
         VALUES ($1, $2, $3, $4, now() + interval '${REDEEMABLE}') RETURNING expires_at`,
        values,
      );
      if (row === undefined) throw new Error('a quote was not kept');
      return { id, expiresAt: row.expires_at };
    });
  }

  /**
   * The price that was quoted for this request; `null` for one that names no quote.
   *
   * @throws Problem VALIDATION_ERROR when the quote is unknown, over, or was made for something else
   */
  async priceFor(
    accountId: string,
    operation: string,
    { quote_id: id, ...request }: { readonly quote_id?: string | undefined },
  ): Promise<bigint | null> {
    if (id === undefined) return null;
    const [row] = await forAccount(this.source, accountId, (manager) =>
      manager.query<{ fingerprint: Buffer; price_micros: bigint }[]>(
        `SELECT fingerprint, price_micros FROM gateway.quotes
         WHERE id = $1 AND account_id = $2 AND expires_at > now()`,
        [id, accountId],
      ),
    );
    if (row === undefined) throw refused('is unknown or over; ask for a new quote');
    if (!row.fingerprint.equals(fingerprintOf(operation, request))) {
      throw refused('was made for another request; send that one, or ask for a new quote');
    }
    return row.price_micros;
  }
}

const refused = (message: string): Problem =>
  new Problem('VALIDATION_ERROR', `/quote_id ${message}`, {
    errors: [{ pointer: '/quote_id', message }],
  });

const fingerprintOf = (operation: string, request: object): Buffer =>
  Buffer.from(hash('sha256', canonicalJson({ operation, request }), 'hex'), 'hex');
