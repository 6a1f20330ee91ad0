import { eventStoreMigration } from '@safelight/event-store';
import { CustomerReads1763900000019 } from './1763900000019-customer-reads.js';
import { Decisions1763700000000 } from './1763700000000-decisions.js';
import { HashBanks1764300000006 } from './1764300000006-hash-banks.js';
import { PolicyAndReceipts1764400000002 } from './1764400000002-policy-and-receipts.js';
import { People1764400000003 } from './1764400000003-people.js';
import { PicturesSeen1764400000001 } from './1764400000001-pictures-seen.js';
import { MadeOutputs1764400000004 } from './1764400000004-made-outputs.js';
import { Trust1763900000004 } from './1763900000004-trust.js';

/** The service's schema and database role are named for it. */
export const schema = 'moderation';
const runtimeRole = 'safelight_moderation';

/** In the order in which they run. */
export const migrations = [
  Decisions1763700000000,
  Trust1763900000004,
  CustomerReads1763900000019,
  HashBanks1764300000006,
  PolicyAndReceipts1764400000002,
  eventStoreMigration(schema, runtimeRole),
  People1764400000003,
  PicturesSeen1764400000001,
  MadeOutputs1764400000004,
];
