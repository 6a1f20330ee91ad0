import type { StatementHead, StatementLine } from '@safelight/contracts';
import { Exact } from './csv-row.js';

/** In hundred-millionths of a US dollar: a micro-credit at 0.04 USD a credit is four of them. */
export interface Costs {
  readonly billed: bigint;
  readonly contracted: bigint;
  readonly effective: bigint;
  readonly list: bigint;
}

const PER_MICRO_CREDIT = 4n;
const PER_CENT = 1_000_000n;
const NONE: Costs = { billed: 0n, contracted: 0n, effective: 0n, list: 0n };

/** US dollars for a credit, without discounts: docs/payments.md. */
export const LIST_UNIT_PRICE = new Exact('0.04');

/**
 * What a movement costs in FOCUS's four ways. Bought credits are worth what all of the account's
 * top-ups until the end of the statement cost on average: the ledger does not tell them apart.
 */
export function costsOf(line: StatementLine, bought: StatementHead['bought']): Costs {
  const list = line.amountMicros * PER_MICRO_CREDIT;
  if (line.type === 'charge' || line.type === 'refund') {
    // Amounts are below zero where credits were spent; costs, where they came back.
    const effective = worth(-line.paidMicros, bought);
    return { billed: 0n, contracted: -list, effective, list: -list };
  }
  if (line.cents === null) return NONE;
  const billed = line.cents * PER_CENT;
  return { billed, contracted: billed, effective: 0n, list };
}

const worth = (paidMicros: bigint, { creditsMicros, cents }: StatementHead['bought']): bigint =>
  creditsMicros === 0n ? 0n : (paidMicros * cents * PER_CENT) / creditsMicros;

/** A decimal number of US dollars without trailing zeros. */
export function usd(amount: bigint): Exact {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(9, '0');
  const fraction = digits.slice(-8).replace(/0+$/, '');
  const whole = digits.slice(0, -8) + (fraction === '' ? '' : `.${fraction}`);
  return new Exact(amount < 0n ? `-${whole}` : whole);
}
