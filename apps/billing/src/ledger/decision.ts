import type { Lots } from './lots.js';
import type { Fact, LedgerTransaction, Posting } from './transaction.js';

export type Decision =
  | { readonly status: 'accepted'; readonly transaction: LedgerTransaction }
  /** The same thing was done before, and nothing happens now. */
  | { readonly status: 'repeated' }
  | Refusal;

export interface Refusal {
  readonly status: 'refused';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What every transaction says about itself, beside the fact that it stands for. */
export interface Movement {
  readonly id: string;
  readonly accountId: string;
  /** May name amounts of zero, which move nothing. */
  readonly postings: readonly Posting[];
  readonly lots: Lots;
  readonly metadata: LedgerTransaction['metadata'];
}

export const accepted = (movement: Movement, fact: Fact): Decision => ({
  status: 'accepted',
  transaction: {
    ...movement,
    postings: movement.postings.filter(({ amountMicros }) => amountMicros > 0n),
    ...fact,
  },
});

export const repeated: Decision = { status: 'repeated' };

export const refused = (code: string, details: Refusal['details']): Refusal => ({
  status: 'refused',
  code,
  details,
});

/** The same id asked for again: done already when it asks for the same, and else a mistake. */
export const again = (isSame: boolean, mismatch: string, details: Refusal['details']): Decision =>
  isSame ? repeated : refused(mismatch, details);
