import type { Command } from './command.js';
import * as prices from './prices.js';

/** Everything that can be said after `npm run ops --`, in the order of the usage text. */
export const commands: readonly Command[] = [prices.check, prices.preview, prices.publish];
