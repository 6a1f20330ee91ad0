import { eventStoreMigration } from '@safelight/event-store';
import { CustomerReads1763900000019 } from './1763900000019-customer-reads.js';
import { FindingJobs1763900000004 } from './1763900000004-finding-jobs.js';
import { Jobs1763700000000 } from './1763700000000-jobs.js';
import { ErasureAndRetry1763900000001 } from './1763900000001-erasure-and-retry.js';

export const schema = 'orchestrator';
const runtimeRole = 'safelight_orchestrator';

export const migrations = [
  eventStoreMigration(schema, runtimeRole),
  Jobs1763700000000,
  ErasureAndRetry1763900000001,
  FindingJobs1763900000004,
  CustomerReads1763900000019,
];
