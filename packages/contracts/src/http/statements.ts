import { z } from 'zod';
import { instant } from '../scalars.js';
import { statementMonth } from '../statements.js';
import { ledgerSubjectResource } from './account.js';
import { priceLineResource } from './charge.js';

const credits = z.string().meta({ description: 'Credits, a decimal string of up to 6 places' });

export const statementParams = z.strictObject({
  month: statementMonth.meta({ description: 'A calendar month in UTC: 2026-11' }),
});
export const statementQuery = z.strictObject({
  format: z
    .enum(['json', 'csv', 'focus'], 'must be json, csv or focus')
    .default('json')
    .meta({ description: '`focus`: CSV as FOCUS 1.2 has it' }),
});

/** What the account owned: available and held together, and how much of it was bought. */
const owned = z.strictObject({
  total: credits,
  available: credits,
  held: credits,
  paid: credits,
  promotional: credits,
});
const movement = { amount: credits, paid: credits, promotional: credits };

export const statementLineType = z.enum([
  'top_up',
  'grant',
  'charge',
  'refund',
  'reversal',
  'adjustment',
  'expiry',
]);

/** A movement of what the account owns; below zero for what it lost. */
export const statementLineResource = z
  .strictObject({
    /** `sequence` in `GET /account/ledger`; two lines may have the same one. */
    entry: z.int(),
    type: statementLineType,
    at: instant,
    subject: ledgerSubjectResource,
    job_id: z.string().nullable(),
    ...movement,
    /** What the account owned afterwards. */
    balance: credits,
    reason: z.string().nullable(),
    /** Money that came with it, or went back, in US dollars. */
    usd: z.string().nullable(),
    charge: z
      .strictObject({
        operation: z.string().nullable(),
        model: z.string().nullable(),
        lane: z.string().nullable(),
        key_id: z.string().nullable(),
        price_version: z.string(),
        images: z.strictObject({ delivered: z.int(), asked: z.int() }).nullable(),
        lines: z.array(priceLineResource),
      })
      .nullable(),
  })
  .meta({ id: 'StatementLine' });
export type StatementLineResource = z.infer<typeof statementLineResource>;

export const statementResource = z
  .strictObject({
    account_id: z.string(),
    month: z.string(),
    period: z.strictObject({ from: instant, to: instant }),
    /** `final`: the month is over, and this answer will be the same byte for byte for ever. */
    status: z.enum(['final', 'preliminary']),
    /** How far a preliminary statement reaches. */
    as_of: instant.nullable(),
    opening: owned,
    lines: z.array(statementLineResource),
    /** By type; opening and all of them make closing. */
    totals: z.record(statementLineType, z.strictObject(movement)),
    closing: owned,
  })
  .meta({ id: 'Statement' });
export type StatementResource = z.infer<typeof statementResource>;
export const statementAnswer = z.strictObject({
  data: statementResource,
  meta: z.strictObject({}),
});
