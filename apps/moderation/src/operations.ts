import type { BusConnection } from '@safelight/messaging';
import { type Closers, OpsServer, type Telemetry } from '@safelight/telemetry';
import type { Pool } from 'pg';
import type { HashBanks } from './banks/hash-banks.js';
import type { PictureModels } from './images/picture-models.js';
import type { PublishedPolicies } from './policy/published/published-policies.js';
import type { Panel } from './providers/panel.js';

/** What an operator is told of. */
export interface Watched {
  readonly pool: Pool;
  readonly bus: BusConnection;
  readonly telemetry: Telemetry;
  readonly banks: HashBanks;
  readonly policies: PublishedPolicies;
  readonly panel: Panel;
  readonly models: PictureModels;
}

/** Health, readiness and metrics. @returns where they are */
export async function startOps(
  port: number,
  { pool, bus, telemetry, banks, policies, panel, models }: Watched,
  closers: Closers,
): Promise<string> {
  const checks = {
    postgres: async () => {
      await pool.query('select 1');
    },
    nats: () => bus.nc.flush(),
    'hash-banks': async () => {
      await banks.current();
    },
    'image-models': async () => models.requireSound(),
    policies: async () => {
      policies.for(null);
    },
  };
  const health = () => ({
    ...{ ...banks.status(), ...policies.status() },
    ...{ ...panel.status(), ...models.status() },
  });
  const ops = await OpsServer.start({ port, telemetry, checks, health });
  closers.push(() => ops.close());
  return ops.url;
}
