import * as banks from './banks.js';
import * as cases from './cases.js';
import type { Command } from './command.js';
import * as credits from './credits.js';
import * as evidence from './evidence.js';
import * as jobs from './jobs.js';
import * as ledger from './ledger.js';
import * as policy from './policy.js';
import * as policyReplay from './policy-replay.js';
import * as pools from './pools.js';
import * as prices from './prices.js';
import * as standing from './standing.js';
import * as workers from './workers.js';

/** Everything that can be said after `npm run ops --`, in the order of the usage text. */
export const commands: readonly Command[] = [
  ledger.verify,
  prices.check,
  prices.preview,
  prices.publish,
  credits.grant,
  credits.refund,
  credits.adjust,
  jobs.explain,
  workers.list,
  workers.quarantine,
  workers.release,
  pools.list,
  pools.set,
  pools.remove,
  banks.bring,
  banks.list,
  banks.retire,
  policy.draft,
  policy.show,
  policy.shadow,
  policy.approve,
  policy.canary,
  policy.activate,
  policy.retire,
  policyReplay.replay,
  policyReplay.explain,
  cases.list,
  cases.claim,
  cases.uphold,
  cases.dismiss,
  cases.overturn,
  cases.counts,
  evidence.ask,
  evidence.approve,
  evidence.read,
  standing.show,
  standing.erase,
  standing.lift,
];
