import type { Kind } from './kind.js';
import type { Shelf } from './shelf.js';

/** How an account stands in a lane. */
export interface Account {
  /** Virtual time: GPU milliseconds charged so far, divided by the account's weight. */
  time: number;
  /** Its share against others, as its latest job says. */
  weight: number;
  running: number;
  waiting: number;
  readonly shelves: Map<Kind, Shelf>;
}
