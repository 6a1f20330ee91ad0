import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';

/** How the seals stand beside the ledger. */
export interface SealState {
  /** Entries in the tree. */
  readonly sealed: number;
  /** Entries below the horizon, less those in the tree: anything but 0 was added or deleted. */
  readonly miscounted: number;
  /** Age of the newest signed head, in seconds; 0 while nothing is sealed. */
  readonly headAgeSeconds: number;
}

const gauges: Record<keyof SealState, { metric: string; description: string }> = {
  sealed: { metric: 'billing_ledger_sealed', description: 'Entries in the ledger’s Merkle tree.' },
  miscounted: {
    metric: 'billing_ledger_miscounted',
    description: 'Entries added to or deleted from sealed blocks; anything but 0 pages.',
  },
  headAgeSeconds: {
    metric: 'billing_ledger_head_age_seconds',
    description: 'Age of the newest signed head; more than an hour and a half pages.',
  },
};
const names = Object.keys(gauges) as (keyof SealState)[];

/**
 * The cheap half of `npm run ops -- ledger verify`, as metrics: it counts, and recomputes nothing.
 */
export class SealWatch {
  private latest: SealState | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly telemetry: Pick<Telemetry, 'meter' | 'logger'>,
  ) {
    for (const name of names) {
      const { metric, description } = gauges[name];
      telemetry.meter.createObservableGauge(metric, { description }).addCallback((result) => {
        if (this.latest) result.observe(this.latest[name]);
      });
    }
  }

  async run(): Promise<SealState> {
    const found = await readState(this.pool);
    this.latest = found;
    if (found.miscounted !== 0) {
      const { miscounted } = found;
      this.telemetry.logger.error({ miscounted }, 'sealed entries were added or deleted');
    }
    return found;
  }
}

const text = `
  with last as materialized (
    select tree_size, horizon from billing.ledger_blocks order by height desc limit 1)
  select coalesce((select tree_size from last), 0) as sealed,
    coalesce((select count(*) from billing.transactions
        where written_by < (select horizon from last))
      - (select tree_size from last), 0) as miscounted,
    case when exists (select from last) then coalesce(extract(epoch from clock_timestamp() - (
      select signed_at from billing.ledger_heads order by number desc limit 1)), 0)
    else 0 end as age`;

async function readState(pool: pg.Pool): Promise<SealState> {
  const { rows } = await pool.query<{ sealed: bigint; miscounted: bigint; age: string }>(text);
  const [row] = rows;
  if (row === undefined) throw new Error('the seals could not be read');
  return {
    sealed: Number(row.sealed),
    miscounted: Number(row.miscounted),
    headAgeSeconds: Number(row.age),
  };
}
