import type { Command } from './command.js';

/** Everything that can be said after `npm run ops --`, in the order of the usage text. */
export const commands: readonly Command[] = [];
