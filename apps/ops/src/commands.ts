import type { Command } from './command.js';
import * as credits from './credits.js';
import * as ledger from './ledger.js';
import * as pools from './pools.js';
import * as prices from './prices.js';

/** Everything that can be said after `npm run ops --`, in the order of the usage text. */
export const commands: readonly Command[] = [
  ledger.verify,
  prices.check,
  prices.preview,
  prices.publish,
  credits.grant,
  credits.refund,
  credits.adjust,
  pools.list,
  pools.set,
  pools.remove,
];
