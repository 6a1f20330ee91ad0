import type { MigrationClass } from '@safelight/postgres';
import { Webhooks1763900000002 } from './1763900000002-webhooks.js';
import { WebhookForm1763900000007 } from './1763900000007-webhook-form.js';
import { OutputCopies1763900000020 } from './1763900000020-output-copies.js';

export const schema = 'webhooks';

/** In the order in which they run. */
export const migrations: readonly MigrationClass[] = [
  Webhooks1763900000002,
  WebhookForm1763900000007,
  OutputCopies1763900000020,
];
