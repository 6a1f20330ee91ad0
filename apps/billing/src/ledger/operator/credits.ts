import { createPool, transact } from '@safelight/postgres';
import type pg from 'pg';
import { decideAll } from '../batch.js';
import type { AdjustBalance, GrantCredits, RefundCharge } from '../commands.js';
import type { Refusal } from '../decision.js';
import { Ledger } from '../ledger.writer.js';
import { bookFrom, readStatement } from '../read-book.sql.js';
import { changeIn, type Placed } from '../transaction.js';

/** What an operator may do by hand. */
export type OperatorCommand = AdjustBalance | GrantCredits | RefundCharge;

/** What a command would do if it were carried out now. */
export type Foreseen =
  | {
      readonly status: 'accepted';
      readonly transactionId: string;
      readonly accountId: string;
      /** That it would have, from 1: at 1 the account has never had credits. */
      readonly sequence: number;
      readonly changeMicros: bigint;
      /** Of the change, bought credits. */
      readonly paidMicros: bigint;
      readonly availableBeforeMicros: bigint;
      readonly availableAfterMicros: bigint;
    }
  | { readonly status: 'repeated' }
  | Refusal;

/** Decides the command on the ledger as it is, by the ledger's own rules, and stores nothing. */
export const foresee = (url: string, command: OperatorCommand): Promise<Foreseen> =>
  overPool(url, async (pool) => {
    const [rows = []] = await transact(pool, [readStatement([command])]);
    const { outcomes, placed } = decideAll([command], bookFrom(rows));
    const [outcome] = outcomes;
    if (outcome?.status === 'refused') return outcome;
    const [one] = placed;
    return one === undefined ? { status: 'repeated' } : effectOf(one);
  });

/**
 * Carries the command out, as one more process of billing under its database role: any number of
 * them may. Once only, however often it is asked.
 * @throws DomainError with the codes of `decide`
 */
export const carryOut = (url: string, command: OperatorCommand): Promise<void> =>
  overPool(url, async (pool) => {
    const ledger = new Ledger({ pool });
    await ledger.execute(command);
  });

function effectOf({ transaction, sequence, availableMicros }: Placed): Foreseen {
  const changeMicros = changeIn(transaction, 'available');
  return {
    status: 'accepted',
    transactionId: transaction.id,
    accountId: transaction.accountId,
    ...{ sequence, changeMicros, paidMicros: transaction.lots.paidMicros },
    availableBeforeMicros: availableMicros - changeMicros,
    availableAfterMicros: availableMicros,
  };
}

async function overPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ url, applicationName: 'ops credits', max: 1, indexesOnly: true });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
