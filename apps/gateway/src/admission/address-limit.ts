import { transact } from '@safelight/postgres';
import type pg from 'pg';

export interface AddressState {
  readonly fits: boolean;
  readonly remaining: number;
  /** Seconds until the budget is whole again. */
  readonly resetSeconds: number;
  /** Seconds until the next request fits; `null` when this one does. */
  readonly retrySeconds: number | null;
}

const text = 'select * from gateway.take_address($1, $2)';

/** Limits of those who need no key, exact over any number of gateways. */
export class AddressLimit {
  constructor(private readonly pool: pg.Pool) {}

  async take(bucket: string, perMinute: number): Promise<AddressState> {
    const take = { name: 'gateway_take_address', text, values: [bucket, perMinute] };
    const [rows = []] = await transact(this.pool, [take]);
    const [fits, remaining, resetSeconds, retrySeconds] = rows[0] as [
      ...[boolean, number, number, number | null],
    ];
    return { fits, remaining, resetSeconds, retrySeconds };
  }
}
