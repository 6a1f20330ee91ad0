import { draftOf, post, type Book } from './book.js';
import {
  answerTo,
  decide,
  type Answer,
  type Decision,
  type LedgerCommand,
  type Refusal,
} from './ledger.js';
import type { Placed } from './transaction.js';

/** How one command of a batch ended, from its caller's view. */
export type Outcome =
  | { readonly status: 'accepted' | 'repeated'; readonly answer: Answer }
  | Refusal;

/** What a batch adds to the ledger, and what each command is answered once it is stored. */
export interface DecidedBatch {
  readonly outcomes: readonly Outcome[];
  readonly placed: readonly Placed[];
  /** The clock that it was decided by, in epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * Decides commands in order, each on top of those before it. Pure: the book stays as it was, so
 * that the same commands can be decided again on a newer one.
 *
 * @param decideOne - the rules; replaced only by tests that plant a bug
 */
export function decideAll(
  commands: readonly LedgerCommand[],
  book: Book,
  decideOne: (command: LedgerCommand, book: Book) => Decision = decide,
): DecidedBatch {
  const draft = draftOf(book);
  const placed: Placed[] = [];
  const outcomes = commands.map((command): Outcome => {
    const decision = decideOne(command, draft);
    if (decision.status === 'refused') return decision;
    if (decision.status === 'accepted') placed.push(post(draft, decision.transaction));
    return { status: decision.status, answer: answerTo(command, draft) };
  });
  return { outcomes, placed, nowMs: book.nowMs };
}
