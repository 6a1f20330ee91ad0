import type { MigrationClass } from '@safelight/postgres';
import { AccountsAndKeys1763700000000 } from './1763700000000-accounts-and-keys.js';
import { Admission1763800000000 } from './1763800000000-admission.js';
import { Admit1763800000001 } from './1763800000001-admit.js';
import { Audit1763800000002 } from './1763800000002-audit.js';
import { Uploads1763900000001 } from './1763900000001-uploads.js';
import { TakeAddress1763900000014 } from './1763900000014-take-address.js';
import { Quotes1763900000004 } from './1763900000004-quotes.js';
import { KnowsKey1763900000031 } from './1763900000031-knows-key.js';

/** In the order in which they run. */
export const migrations: readonly MigrationClass[] = [
  AccountsAndKeys1763700000000,
  Admission1763800000000,
  Admit1763800000001,
  Audit1763800000002,
  Uploads1763900000001,
  Quotes1763900000004,
  TakeAddress1763900000014,
  KnowsKey1763900000031,
];
