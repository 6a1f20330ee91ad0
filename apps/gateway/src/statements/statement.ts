import type { StatementHead } from '@safelight/contracts';
import type { Movements } from './movements.js';

/** A month of an account, about to be written in one of the formats. */
export interface Statement {
  readonly accountId: string;
  readonly accountName: string;
  readonly month: string;
  readonly head: StatementHead;
  readonly movements: Movements;
}
