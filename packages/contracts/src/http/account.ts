import { z } from 'zod';
import { instant } from '../scalars.js';
import { limitParameter, timeParameter } from './parameters.js';

const credits = z.string().meta({ description: 'Credits, a decimal string of up to 6 places' });
const balance = z.strictObject({ available: credits, held: credits });

const accountFields = z.strictObject({
  id: z.string(),
  name: z.string(),
  credits: z.strictObject({
    ...balance.shape,
    /** Of the available ones: bought, and given. Given ones are spent first, the soonest to end first. */
    paid: credits,
    promotional: credits,
    /** Of the given ones, those that end next. */
    next_expiry: z.strictObject({ at: instant, credits }).nullable(),
  }),
  plan: z.string(),
  limits: z.strictObject({
    key_per_minute: z.int(),
    account_per_minute: z.int(),
    /** `null`: as many as the account can pay for. */
    open_jobs: z.int().nullable(),
    /** Jobs that run at the same moment; what is beyond it waits. `null`: as many as there are workers. */
    running_jobs: z.int().nullable(),
    /** Of GPU time where it is scarce, against the other accounts' weights; 1 is everybody's. */
    weight: z.number(),
  }),
  /** Of this calendar month, in UTC. */
  usage: z.strictObject({
    period_start: instant,
    jobs: z.int(),
    completed: z.int(),
    credits,
  }),
});
/** The account as `GET /api/v1/account` shows it. */
export const accountResource = accountFields.meta({ id: 'Account' });
export type AccountResource = z.infer<typeof accountResource>;
export const accountAnswer = z.strictObject({ data: accountResource, meta: z.strictObject({}) });

const SEQUENCE = /^[1-9]\d{0,14}$/;

/** Cursors are opaque to clients: the last sequence seen, in base64url. */
export const encodeLedgerCursor = (sequence: number): string =>
  Buffer.from(String(sequence)).toString('base64url');

/** The query of `GET /api/v1/account/ledger`. */
export const ledgerQuery = z.strictObject({
  limit: limitParameter,
  cursor: z
    .string('must be given once')
    .transform((cursor) => Buffer.from(cursor, 'base64url').toString())
    .refine((sequence) => SEQUENCE.test(sequence), {
      message: 'is not a cursor of this list; pass meta.next_cursor on unchanged',
      abort: true,
    })
    .transform(Number)
    .optional(),
  /** The ledger as it stood then. */
  as_of: timeParameter.optional(),
});
export type LedgerQuery = z.output<typeof ledgerQuery>;

/** What an entry is about; a reversal, about what it undoes. */
export const ledgerSubjectResource = z
  .strictObject({
    type: z.enum(['job', 'top_up', 'grant', 'refund', 'adjustment', 'budget']),
    id: z.string(),
  })
  .meta({ id: 'LedgerSubject' });

/** One change of an account's credits; both changes and the balance after it. */
export const ledgerEntryResource = z.strictObject({
  /** From 1, without gaps. */
  sequence: z.int(),
  type: z.enum([
    'grant',
    'top_up',
    'hold',
    'capture',
    'release',
    'expiry',
    'refund',
    'reversal',
    'adjustment',
    'grant_expiry',
    'budget_change',
  ]),
  job_id: z.string().nullable(),
  subject: ledgerSubjectResource,
  available_change: credits,
  held_change: credits,
  balance,
  reason: z.string().nullable(),
  at: instant,
});
export type LedgerEntryResource = z.infer<typeof ledgerEntryResource>;
export const ledgerAnswer = z.strictObject({
  data: z.array(ledgerEntryResource),
  meta: z.strictObject({
    next_cursor: z.string().nullable(),
    /** Now, or at `as_of`. */
    balance,
    as_of: instant.nullable(),
  }),
});

const DAY_MS = 86_400_000;
const USAGE_MAX_DAYS = 31;

/** The parameters of `usageQuery`, before what is left out is filled in. */
export const usageFilters = z.strictObject({
  from: timeParameter.optional(),
  to: timeParameter.optional(),
});

/** The query of `GET /api/v1/account/usage`: 30 days up to now unless said otherwise. */
export const usageQuery = usageFilters
  .transform(({ from, to }) => {
    const end = to ?? new Date().toISOString();
    return { from: from ?? new Date(Date.parse(end) - 30 * DAY_MS).toISOString(), to: end };
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    message: 'must lie before to',
    path: ['from'],
    abort: true,
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= USAGE_MAX_DAYS * DAY_MS, {
    message: `must lie at most ${USAGE_MAX_DAYS} days before to; ask for one part after the other`,
    path: ['from'],
  });
export type UsageQuery = z.output<typeof usageQuery>;

export const usageResource = z.strictObject({
  /** In UTC: `2026-11-21`. */
  day: z.string(),
  model: z.string(),
  key_id: z.string().nullable(),
  jobs: z.int(),
  completed: z.int(),
  credits,
});
export type UsageResource = z.infer<typeof usageResource>;
export const usageAnswer = z.strictObject({
  data: z.array(usageResource),
  meta: z.strictObject({ from: instant, to: instant, next_cursor: z.null() }),
});
