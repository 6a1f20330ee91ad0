import type { MigrationClass } from '@safelight/postgres';
import { Webhooks1763900000002 } from './1763900000002-webhooks.js';

export const schema = 'webhooks';

/** In the order in which they run. */
export const migrations: readonly MigrationClass[] = [Webhooks1763900000002];
